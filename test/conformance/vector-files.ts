import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { repositoryRoot } from "../support/compile.js";

/** The fields of one test, and the latest of those that hold for several. */
export type Vector = ReadonlyMap<string, string>;

/**
 * The tests of a file under `test/fixtures/signatures`, in the form of NIST's response files: a
 * section begins with `[P-256,SHA-1]`, a test ends with the field `last`.
 */
export function readVectors(file: string, last: string): Vector[] {
  const path = join(repositoryRoot, "test", "fixtures", "signatures", file);
  const fields = new Map<string, string>();
  const vectors: Vector[] = [];
  for (const line of gunzipSync(readFileSync(path)).toString("latin1").split(/\r?\n/)) {
    const section = /^\[(?!B\.)(.*)\]/.exec(line)?.[1];
    if (section !== undefined) fields.set("section", section);
    const [, name, value] = /^(\w+)\s*=\s*(\S*)/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, value);
    if (name === last) vectors.push(new Map(fields));
  }
  return vectors;
}

export function text(vector: Vector, name: string): string {
  const value = vector.get(name);
  if (value === undefined) throw new Error(`a vector lacks ${name}`);
  return value;
}

/** A number of odd length gets its zero; `size` bytes at least. */
export function bytes(vector: Vector, name: string, size = 0): Buffer {
  const hex = text(vector, name);
  return Buffer.from(hex.padStart(Math.max(2 * size, hex.length + (hex.length % 2)), "0"), "hex");
}
