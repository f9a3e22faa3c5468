import type { CryptoBinding } from "./crypto-binding.js";

/** What the native binary exports. `native/addon` is the other half of this contract. */
export interface NativeBinding {
  /** The package version the binary was built from. */
  readonly version: string;
  /** The calling convention: `sysv-x64`, `aapcs64` or `win64`. */
  readonly abi: string;
  /** The call frame of this environment, shared with native code. */
  readonly frame: ArrayBuffer;
  readonly frameAddress: bigint;
  /** Byte offsets in the frame, and how many pointer arguments a view mask covers. */
  readonly frameLayout: {
    plan: number;
    viewMask: number;
    status: number;
    scratch: number;
    maxViews: number;
  };
  readonly types: Readonly<Record<string, { size: number; signed: boolean; float: boolean }>>;

  /** Executes the plan that the frame names: the Node-API crossing. */
  dispatch(): void;
  /**
   * Makes the function that does the same by V8's own calling sequence and wants the plan's token:
   * the V8 crossing. Once in an environment. Throws why there is none.
   */
  createFastDispatch(): (token: number) => void;
  /** As `dispatch`; takes the views of pointer arguments, by position among the pointers. */
  dispatchViews(...views: (ArrayBufferView | undefined)[]): void;
  /** `types` is the result type followed by the argument types. */
  createPlan(library: number, address: bigint, types: readonly string[]): CallLayout;
  releasePlan(index: number): void;

  openLibrary(path: string | null): number;
  findSymbol(library: number, name: string): bigint;
  closeLibrary(library: number): void;

  addressOf(memory: ArrayBufferView | ArrayBuffer): bigint;
  readString(address: bigint): string;
  copyFrom(address: bigint, target: ArrayBufferView): void;
  /** The memory itself, which must outlive the ArrayBuffer. */
  viewMemory(address: bigint, length: number): ArrayBuffer;
  copyTo(address: bigint, source: ArrayBufferView | ArrayBuffer): void;

  /** Digests and signatures. */
  readonly crypto: CryptoBinding | undefined;
}

/** Where a call's values lie in the frame: byte offsets, and `[offset, width]` pairs in `slots`. */
export interface CallLayout {
  readonly index: number;
  /** The plan's name for the V8 crossing. */
  readonly token: number;
  readonly result: number;
  readonly slots: readonly number[];
}
