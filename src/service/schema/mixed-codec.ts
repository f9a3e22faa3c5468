import { ArgumentError } from "../../errors/index.js";
import { ANY } from "./any-codec.js";
import type { Codec } from "./codec.js";

/** All of the codecs have to accept a value. At most one of them converts it. */
export function mixedCodec(codecs: readonly Codec[]): Codec {
  const [first, ...others] = codecs;
  if (first === undefined) return ANY;
  if (others.length === 0) return first;
  const converting = codecs.filter((codec) => !codec.isPlain);
  if (converting.length > 1) {
    throw new ArgumentError("schema says in more than one way what its JSON form is");
  }
  const main = converting[0] ?? first;
  const rest = codecs.filter((codec) => codec !== main);
  const check = (value: unknown): void => {
    for (const codec of codecs) codec.check(value);
  };
  return {
    expected: codecs.map((codec) => codec.expected).join(" and "),
    isPlain: main.isPlain,
    check,
    toWire: (value, form) => main.toWire(value, form),
    fromWire: (wire, form) => {
      const value = main.fromWire(wire, form);
      for (const codec of rest) codec.check(value);
      return value;
    },
    parts: (value) => codecs.map((codec) => ({ place: "", codec, value })),
  };
}
