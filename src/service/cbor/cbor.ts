import type * as Cborg from "cborg";
import { ArgumentError } from "../../errors/index.js";
import { FORMATS } from "../schema/formats.js";
import { StrictTokenizer } from "./strict-tokenizer.js";

/** Concise Binary Object Representation (RFC 8949) of values in their CBOR form. */
export interface CborFormat {
  /** Throws an ArgumentError for text that UTF-8 cannot hold. */
  encode(value: unknown): Uint8Array;
  /** Throws a SyntaxError that says nothing of the contents. */
  decode(bytes: Uint8Array): unknown;
}

export const CBOR_CONTENT_TYPE = "application/cbor";

let loading: Promise<CborFormat | undefined> | undefined;
let loaded: CborFormat | undefined;

/**
 * CBOR by the package cborg, which is an optional peer: undefined where it is not installed, and
 * then everything travels as JSON.
 */
export function loadCbor(): Promise<CborFormat | undefined> {
  loading ??= import("cborg").then(
    (cborg) => {
      loaded = makeFormat(cborg);
      return loaded;
    },
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ERR_MODULE_NOT_FOUND") return undefined;
      throw error;
    },
  );
  return loading;
}

/** What `loadCbor` has given by now. */
export function loadedCbor(): CborFormat | undefined {
  return loaded;
}

function makeFormat({ decode, encode, Token, Tokenizer, Type }: typeof Cborg): CborFormat {
  const writing: Cborg.EncodeOptions = {
    ignoreUndefinedProperties: true,
    typeEncoders: {
      // RFC 8949, 3.4.1: text as RFC 3339 has it. An epoch of seconds would round.
      Date: (value: Date) => [
        new Token(Type.tag, DATE_TEXT),
        new Token(Type.string, value.toISOString()),
      ],
      number: (value: number) => (Object.is(value, -0) ? [new Token(Type.float, -0)] : null),
      string: (value: string) => {
        if (!LONE_SURROGATE.test(value)) return null;
        throw new ArgumentError("text with half of a surrogate pair cannot be sent as CBOR");
      },
    },
  };
  const reading: Cborg.DecodeOptions = {
    allowIndefinite: false,
    allowUndefined: false,
    allowBigInt: true,
    rejectDuplicateMapKeys: true,
    retainStringBytes: true,
    tags: {
      [DATE_TEXT]: (content) => readDate(content()),
      [DATE_EPOCH]: (content) => new Date(Math.round(Number(content()) * 1000)),
    },
  };
  return {
    encode: (value) => encode(value, writing),
    decode: (bytes) => {
      const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const tokenizer = new StrictTokenizer(new Tokenizer(view, reading));
      try {
        return decode(view, { ...reading, tokenizer });
      } catch (cause) {
        throw new SyntaxError("invalid CBOR", { cause });
      }
    },
  };
}

const LONE_SURROGATE = /\p{Surrogate}/u;

const DATE_TEXT = 0;
const DATE_EPOCH = 1;

function readDate(content: unknown): Date {
  if (typeof content === "string" && FORMATS["date-time"].accepts(content))
    return new Date(content);
  throw new SyntaxError("tag 0 must hold a date and time");
}
