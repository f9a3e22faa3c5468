// Many inputs, in a process of its own, as NEARFAR_THREADS says: nanoseconds an input, as JSON.
import {
  hash,
  hashMany,
  hashManyInto,
  hashManyIntoAsync,
  merkleRoot,
  merkleRootAsync,
} from "../../dist/crypto/index.js";

const [rounds] = process.argv.slice(2).map(Number);
const COUNT = 20_000;
const LARGE_COUNT = 400_000;
const MILLION = 1_000_000;

const inputs = (count, bytes) =>
  Array.from({ length: count }, (_, index) => Buffer.alloc(bytes, `input ${index}`));
const of13 = inputs(COUNT, 13);
const of64 = inputs(COUNT, 64);
const texts = of13.map((input) => input.toString());
const data = Buffer.alloc(LARGE_COUNT * 64, "0123456789");
const out = new Uint8Array(LARGE_COUNT * 32);
const million = { data: Buffer.alloc(MILLION * 13, "Hello, World!"), recordSize: 13 };
const millionOut = new Uint8Array(MILLION * 32);
const records = { data, recordSize: 64 };

/** Each gives how many inputs it hashed. */
const cases = {
  "hash in a loop, 13 bytes": () => loop(of13),
  "hashMany, 13 bytes": () => hashMany("sha256", of13).length,
  "hash in a loop, texts of 13": () => loop(texts),
  "hashMany, texts of 13": () => hashMany("sha256", texts).length,
  "hash in a loop, 64 bytes": () => loop(of64),
  "hashMany, 64 bytes": () => hashMany("sha256", of64).length,
  "hashManyInto, 64-byte records": () => hashManyInto("sha256", records, out) / 32,
  "hashManyIntoAsync, 64-byte records": async () =>
    (await hashManyIntoAsync("sha256", records, out)) / 32,
  "merkleRoot, 64-byte records": () => merkleRoot("sha256", records) && LARGE_COUNT,
  "merkleRootAsync, 64-byte records": async () =>
    (await merkleRootAsync("sha256", records)) && LARGE_COUNT,
  "a million of 13 bytes, hashManyInto": () => hashManyInto("sha256", million, millionOut) / 32,
};

function loop(list) {
  let used = 0;
  for (const input of list) used += hash("sha256", input).length;
  return used / 64;
}

const results = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, run] of Object.entries(cases)) {
    const start = process.hrtime.bigint();
    const count = await run();
    results[name].push(Number(process.hrtime.bigint() - start) / count);
  }
}
console.log(JSON.stringify(results));
