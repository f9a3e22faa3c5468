import { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import type { HelperProcess } from "./helper-process.js";

/** The smallest page of the systems there are: memory is there or not in units of at least this. */
const PAGE = 4096;

/**
 * The helper's memory by address. It is read without the helper's help, so that an address that is
 * none is an error here instead of a crash there.
 */
export class HelperMemory {
  constructor(
    private readonly binding: NativeBinding,
    private readonly process: HelperProcess,
  ) {}

  /** Fills the view. */
  read(address: bigint, target: ArrayBufferView): void {
    const count = this.binding.isolate.readHelper(this.#handle, address, target);
    if (count < target.byteLength) throw badAddress(address + BigInt(count));
  }

  write(address: bigint, source: ArrayBufferView): void {
    const count = this.binding.isolate.writeHelper(this.#handle, address, source);
    if (count < source.byteLength) throw badAddress(address + BigInt(count));
  }

  /** An address is one of the helper that runs: none is started for it. */
  get #handle(): number {
    if (!this.process.isRunning) throw this.process.lastError();
    return this.process.handle;
  }

  /** The NUL-terminated UTF-8 text at an address. */
  readString(address: bigint): string {
    const parts: Uint8Array[] = [];
    for (let at = address; ; ) {
      const part = new Uint8Array(PAGE - Number(at % BigInt(PAGE)));
      this.read(at, part);
      const end = part.indexOf(0);
      parts.push(end < 0 ? part : part.subarray(0, end));
      if (end >= 0) return Buffer.concat(parts).toString("utf8");
      at += BigInt(part.byteLength);
    }
  }
}

function badAddress(address: bigint): NativeError {
  return new NativeError(
    "ERR_FFI_INVALID_POINTER",
    `the helper process has no memory at 0x${address.toString(16)} that can be used so`,
  );
}
