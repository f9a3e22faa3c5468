import { canGenerateCode } from "../call/code-generation.js";
import { isCharacter } from "./array-values.js";
import { seeArray } from "./array-view.js";
import { bitPiece } from "./bit-piece.js";
import { characterArrayPiece } from "./character-array.js";
import type { BitRange, Codec, CType } from "./ctype.js";
import { enumPiece } from "./enum-values.js";
import { generatePiece, isGenerated } from "./generated-pieces.js";
import { aggregatePiece, arrayPiece } from "./object-pieces.js";
import type { Piece, Workshop } from "./piece.js";
import { functionPiece, pointerPiece } from "./pointer-values.js";
import { scalarPiece } from "./scalar-piece.js";
import { makeViewClass, type ViewClass } from "./view-class.js";

/** Makes codecs by one of the two ways, each with its own cache. */
export class CodecFactory implements Workshop {
  readonly #pieces = new WeakMap<CType, Piece>();
  readonly #codecs = new WeakMap<CType, Codec>();
  readonly #views = new WeakMap<CType, ViewClass>();

  constructor(readonly generates: boolean) {}

  codecOf(type: CType): Codec {
    const known = this.#codecs.get(type);
    if (known !== undefined) return known;
    const piece = this.pieceOf(type);
    const codec: Codec = {
      write: (memory, at, value, context) => piece.write(memory, at, value, context, ""),
      read: piece.read,
    };
    this.#codecs.set(type, codec);
    return codec;
  }

  pieceOf(type: CType, bits?: BitRange): Piece {
    if (bits !== undefined) return this.#bitPiece(type, bits);
    const known = this.#pieces.get(type);
    if (known !== undefined) return known;
    const piece = this.#makePiece(type);
    this.#pieces.set(type, piece);
    return piece;
  }

  viewOn(type: CType, memory: DataView): object {
    if (type.kind === "array") return seeArray(type, memory, this);
    if (type.kind !== "struct" && type.kind !== "union") throw new Error(`no view of ${type.name}`);
    let make = this.#views.get(type);
    if (make === undefined) {
      make = makeViewClass(type, this);
      this.#views.set(type, make);
    }
    return new make(memory);
  }

  #makePiece(type: CType): Piece {
    if (this.generates && isGenerated(type)) return generatePiece(type, this);
    switch (type.kind) {
      case "scalar":
        return scalarPiece(type);
      case "enum":
        return enumPiece(type, scalarPiece(type));
      case "pointer":
        return pointerPiece(type);
      case "function":
        return functionPiece(type);
      case "struct":
      case "union":
        return aggregatePiece(type, this);
      case "array": {
        const list = arrayPiece(type, this);
        return isCharacter(type.element) ? characterArrayPiece(type, list) : list;
      }
      case "opaque":
        throw new Error(`${type.name} has no values`);
    }
  }

  #bitPiece(type: CType, bits: BitRange): Piece {
    if (type.kind !== "enum" && type.kind !== "scalar") throw new Error("no integer type");
    return bitPiece(type, bits, this.pieceOf(type));
  }
}

let factory: CodecFactory | undefined;

function codecFactory(): CodecFactory {
  factory ??= new CodecFactory(canGenerateCode());
  return factory;
}

/**
 * The codec of a type: generated code, or closures where the process forbids that, which behave the
 * same and are slower.
 */
export function codecOf(type: CType): Codec {
  return codecFactory().codecOf(type);
}

/** Accessors over memory that begins with a value of the type. */
export function viewOn(type: CType, memory: DataView): object {
  return codecFactory().viewOn(type, memory);
}
