// Hashes and signatures, by the million, none of which may leave anything behind.
import nodeCrypto from "node:crypto";
import { judgeGrowth } from "./memory.mjs";
import { expectSame, task } from "./support.mjs";

const crypto = await import(new URL("../crypto/index.js", task.entry).href);

const bytes = Buffer.from("Hello, World!");
const long = Buffer.alloc(5000, "long");
const expected = new Map(
  [bytes, long].map((data) => [data, nodeCrypto.createHash("sha256").update(data).digest("hex")]),
);
const inputs = Array.from({ length: 500 }, (_, index) => `input ${index % 7}`);
const out = Buffer.alloc(32);
const { privateKey, publicKey } = crypto.generateKeyPair("ed25519");
const pem = privateKey.export({ format: "pem" });

/** Each hashes or signs so many times. */
const KINDS = {
  hashes(count) {
    for (let index = 0; index < count; index += 4) {
      expectSame(crypto.hash("sha256", bytes), expected.get(bytes), "a digest of bytes");
      expectSame(crypto.hash("sha256", "Hello, World!"), expected.get(bytes), "one of a text");
      expectSame(crypto.hash("sha256", bytes, "buffer").length, 32, "a length");
      expectSame(crypto.hashInto("sha256", long, out), 32, "how many bytes were written");
    }
  },
  async manyHashes(count) {
    const last = crypto.hash("sha256", inputs[499]);
    for (let done = 0; done < count; done += 3 * inputs.length) {
      expectSame(crypto.hashMany("sha256", inputs)[499], last, "the last of many");
      expectSame(crypto.hashMany("sha256", inputs, "buffer")[499].length, 32, "a length");
      expectSame((await crypto.hashManyAsync("sha256", inputs))[499], last, "a thread's last");
    }
  },
  async hashers(count) {
    for (let done = 0; done < count; done += 4) {
      const hasher = crypto.createHasher("sha256").update("Hello, ");
      const copy = hasher.copy().update("World!");
      expectSame(copy.digest(), expected.get(bytes), "a copy's digest");
      expectSame(hasher.update("World!").digest(), expected.get(bytes), "a digest");
      expectSame(crypto.hmac("sha256", "key", bytes).length, 64, "a length");
      expectSame(await crypto.hashAsync("sha256", long), expected.get(long), "a thread's digest");
    }
  },
  async signatures(count) {
    for (let done = 0; done < count; done += 8) {
      const signature = crypto.sign(pem, bytes);
      expectSame(crypto.verify(publicKey, bytes, signature), true, "an answer");
      expectSame(crypto.verify(publicKey, long, signature), false, "an answer");
      const signatures = crypto.signMany(privateKey, [bytes, long]);
      const answers = await crypto.verifyManyAsync(publicKey, [bytes, long], signatures);
      expectSame(answers.join(), "true,true", "the answers");
      expectSame((await crypto.signAsync(privateKey, bytes)).length, 64, "a length");
    }
  },
};

await judgeGrowth(task.kind, KINDS[task.kind], task.callsPerWindow);
