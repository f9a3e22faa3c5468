import type { BitRange, CType, WriteContext } from "./ctype.js";

/** A codec inside of others: `path` says where in the whole value its part is. */
export interface Piece {
  write(memory: DataView, at: number, value: unknown, context: WriteContext, path: string): void;
  read(memory: DataView, at: number): unknown;
}

/** What the makers of pieces need of each other; handed down, because types nest. */
export interface Workshop {
  /** With `bits`, of a bit-field of the type. */
  pieceOf(type: CType, bits?: BitRange): Piece;
  /** Accessors over memory that begins with a value of the type. */
  viewOn(type: CType, memory: DataView): object;
  /** Whether code may be generated. */
  readonly generates: boolean;
}
