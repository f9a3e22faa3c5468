import type { ValueType } from "../types/types.js";
import type { Placement } from "./placement.js";

/** The JavaScript side of a call: checks, fills the frame, dispatches, reads the result. */
export type Marshaller = (...args: unknown[]) => unknown;

/** How a call is refused: each throws the error that says why. One object a function. */
export interface Refusals {
  /** An argument that its type does not take. */
  argument(index: number, value: unknown): never;
  /** A part of an argument: `path` is `.x`, `[2]`, or empty for the whole. */
  part(index: number, path: string, expected: string, value: unknown): never;
  /** What a callback gave that is the argument. */
  callback(index: number, problem: string): never;
  /** Memory that is not there any more. */
  detached(index: number): never;
  /** A wrong number of arguments. */
  count(got: number): never;
  /** A call that native code did not make, by the frame's status; or that a callback ended. */
  status(status: number): never;
}

/** Where a function's plan is: its index for the frame, its token for the V8 crossing. */
export interface PlanName {
  readonly index: number;
  readonly token: number;
}

/** Makes the marshaller of one function. Functions of one signature share the factory. */
export type MarshallerFactory = (plan: PlanName, refusals: Refusals) => Marshaller;

/**
 * Starts an asynchronous call whose arguments are in the frame. `finish` reads the result from the
 * frame when it is back there; `keep` is what must stay alive until then,
 * and so is what is held beyond the first `holding`.
 */
export type StartJob = (
  finish: () => unknown,
  keep: readonly unknown[],
  holding: number,
) => Promise<unknown>;

/** Makes the asynchronous form of one function; its marshaller returns a promise. */
export type AsyncMarshallerFactory = (
  plan: PlanName,
  refusals: Refusals,
  start: StartJob,
) => Marshaller;

/** A type that is stored in one slot without copying memory. */
export type SlotType = Exclude<ValueType, "char" | "void" | "pointer" | "extended" | TextType>;

export type TextType = "text" | "nullableText" | "text16" | "text32";

/** A number, boolean or enum in its slot. */
export interface ScalarArgument {
  readonly how: "scalar";
  readonly index: number;
  readonly type: SlotType;
  /** Of the frame, in bytes; `width` bytes are stored there. */
  readonly offset: number;
  readonly width: number;
  /** Names that are taken besides numbers. */
  readonly members: Readonly<Record<string, number | bigint>> | undefined;
}

/** An address in its slot: memory is passed in place, a string is copied to scratch space. */
export interface PointerArgument {
  readonly how: "pointer";
  readonly index: number;
  readonly type: "pointer" | TextType;
  readonly offset: number;
  /** The position among the pointer arguments that go by view, or -1. */
  readonly view: number;
}

/** A value in its C form: the frame offset of scratch memory, or memory elsewhere. */
export type Staged = number | Uint8Array;

/** What a staged pointer may be besides: whatever a pointer argument takes. */
export type StagedPointer = Staged | ArrayBufferView | bigint | null | undefined;

/** A value that is written to memory first, because it is copied from there to several slots. */
export interface ValueArgument {
  readonly how: "value";
  readonly index: number;
  readonly placement: Placement;
  /** Writes the value; may run JavaScript of the caller. */
  stage(value: unknown, refusals: Refusals): Staged;
}

/** A pointer to something that is made for the call: a struct, an array, a function pointer. */
export interface HolderArgument {
  readonly how: "holder";
  readonly index: number;
  readonly offset: number;
  readonly view: number;
  stage(value: unknown, refusals: Refusals): StagedPointer;
  /** Views are passed as they are, without a look at their length. */
  readonly takesAnyView: boolean;
  /** Reads back what C wrote; undefined if nothing travels that way. */
  readonly unstage: ((value: unknown, staged: StagedPointer) => void) | undefined;
}

export type Argument = ScalarArgument | PointerArgument | ValueArgument | HolderArgument;

/** A result in one slot. */
export interface ScalarResult {
  readonly how: "scalar";
  readonly type: SlotType | "void" | "pointer" | TextType;
  readonly offset: number;
}

/** A result in memory: gathered from its pieces, or written by C itself. */
export interface ValueResult {
  readonly how: "value";
  readonly placement: Placement;
  /** Memory for the result, taken before the call. */
  reserve(): Staged;
  read(staged: Staged): unknown;
}

/** A signature with everything placed: what both kinds of marshaller are made from. */
export interface Lowered {
  readonly arguments: readonly Argument[];
  readonly result: ScalarResult | ValueResult;
  readonly capturesError: boolean;
  /** Never calls back into JavaScript. */
  readonly isLeaf: boolean;
}
