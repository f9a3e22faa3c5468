import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { repositoryRoot } from "../support/compile.js";

const directory = join(repositoryRoot, "test", "fixtures", "digests");

/** The files of published vectors whose names end so. */
export function vectorFiles(ending: string): string[] {
  return readdirSync(directory).filter((name) => name.endsWith(ending));
}

export function readVectors(name: string): string {
  return gunzipSync(readFileSync(join(directory, name))).toString("latin1");
}

/** One test of a response file: `Len = 8`, `Msg = 00`, ... */
export type Vector = Readonly<Record<string, string>>;

/** The paragraphs of a response file; comments and headings are left out. */
export function parseVectors(text: string): Vector[] {
  return text
    .split(/\r?\n\r?\n/)
    .map((paragraph) =>
      Object.fromEntries(
        Array.from(paragraph.matchAll(/^(\w+)\s*=\s*(\S*)\s*$/gm), ([, key = "", value = ""]) => [
          key,
          value,
        ]),
      ),
    )
    .filter((vector) => Object.keys(vector).length > 0);
}

export function field(vector: Vector | undefined, name: string): string {
  const value = vector?.[name];
  if (value === undefined) throw new Error(`a vector lacks ${name}`);
  return value;
}

/** The message of a vector: a length of 0 bits is written as one byte 00. */
export function messageOf(vector: Vector): Buffer {
  const bits = Number(vector.Len ?? field(vector, "Msg").length * 4);
  return Buffer.from(field(vector, "Msg"), "hex").subarray(0, bits / 8);
}
