import type { JsonSchema } from "../service/index.js";
import { integerFrom, pickFrom, type Random } from "./random.js";

/** Text with a few characters that careless code trips over. */
const CHARACTERS = [..."abcdefghijklmnopqrstuvwxyz0123456789 _-'\"<&%é漢🐇"];

/** A string of the length, or of the format, that a schema asks for. */
export function generateString(schema: JsonSchema, random: Random): string {
  const { minLength = 0, maxLength = minLength + 12, format = "" } = schema;
  const make = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (make !== undefined) return make(random);
  const length = integerFrom(random, minLength, Math.min(maxLength, minLength + 12));
  return Array.from({ length }, () => CHARACTERS[Math.floor(random() * CHARACTERS.length)]).join(
    "",
  );
}

const FORMATS: Readonly<Record<string, (random: Random) => string>> = {
  date: (random) => dateOf(random).slice(0, 10),
  time: (random) => dateOf(random).slice(11),
  "date-time": dateOf,
  duration: (random) => pickFrom(random, ["PT1S", "PT90M", "P1D", "P2W", "P1Y2M3DT4H5M6S"]),
  uuid: uuidOf,
  uri: (random) => `https://example.org/${integerFrom(random, 1, 9999)}`,
  email: (random) => `user${integerFrom(random, 1, 9999)}@example.org`,
};

/** Up to the end of 2099. */
function dateOf(random: Random): string {
  return new Date(integerFrom(random, 0, 4_102_444_799_999)).toISOString();
}

/** Version 4 (RFC 9562). */
function uuidOf(random: Random): string {
  const digits = (count: number): string =>
    Array.from({ length: count }, () => integerFrom(random, 0, 15).toString(16)).join("");
  const variant = pickFrom(random, ["8", "9", "a", "b"]);
  return `${digits(8)}-${digits(4)}-4${digits(3)}-${variant}${digits(3)}-${digits(12)}`;
}
