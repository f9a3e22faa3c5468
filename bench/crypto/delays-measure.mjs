// How late is the event loop while one asynchronous form works, in a process of its own, and how
// much of that is the main thread's own work? Milliseconds, as JSON:
//   node bench/crypto/delays-measure.mjs signManyAsync [file for hashFile]
import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { setImmediate, setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as crypto from "../../dist/crypto/index.js";
import { dlopen } from "../../dist/ffi/index.js";

const MiB = 1024 * 1024;
const COUNT = 20_000;
const [name, path] = process.argv.slice(2);

const buffers = (count) =>
  Array.from({ length: count }, (_, index) => Buffer.from(`input ${index}`.padEnd(64)));
const block = (bytes) => ({ data: Buffer.alloc(bytes, "0123456789"), recordSize: 64 });

/** Each prepares its input, and gives the work. Those with "Node alone" use nothing of nearfar. */
const forms = {
  "Node alone, idle": () => () => setTimeout(500),
  hashAsync() {
    const data = Buffer.alloc(128 * MiB, 1);
    return () => crypto.hashAsync("sha256", data);
  },
  "hashAsync, text"() {
    const text = Buffer.alloc(16 * MiB, "text").toString("latin1");
    return () => crypto.hashAsync("sha256", text);
  },
  hashFile: () => () => crypto.hashFile("sha256", path),
  hashManyAsync() {
    const inputs = buffers(COUNT);
    return () => crypto.hashManyAsync("sha256", inputs);
  },
  "hashManyAsync, Buffers"() {
    const inputs = buffers(COUNT);
    return () => crypto.hashManyAsync("sha256", inputs, "buffer");
  },
  "hashManyAsync, 500,000"() {
    const records = block(64 * 500_000);
    return () => crypto.hashManyAsync("sha256", records);
  },
  "Node alone, 500,000 texts"() {
    const digests = Buffer.alloc(32 * 500_000, "0123456789");
    return () => textsInTurns(digests);
  },
  hashManyIntoAsync() {
    const records = block(128 * MiB);
    const out = Buffer.alloc(64 * MiB);
    return () => crypto.hashManyIntoAsync("sha256", records, out);
  },
  merkleRootAsync() {
    const records = block(128 * MiB);
    return () => crypto.merkleRootAsync("sha256", records);
  },
  signAsync() {
    const { privateKey } = crypto.generateKeyPair("ed25519");
    const data = Buffer.alloc(32 * MiB, 1);
    return () => crypto.signAsync(privateKey, data);
  },
  verifyAsync() {
    const { privateKey, publicKey } = crypto.generateKeyPair("ed25519");
    const data = Buffer.alloc(32 * MiB, 1);
    const signature = crypto.sign(privateKey, data);
    return () => crypto.verifyAsync(publicKey, data, signature);
  },
  signManyAsync() {
    const { privateKey } = crypto.generateKeyPair("ed25519");
    const inputs = buffers(COUNT);
    return () => crypto.signManyAsync(privateKey, inputs);
  },
  verifyManyAsync() {
    const { privateKey, publicKey } = crypto.generateKeyPair("ed25519");
    const inputs = buffers(COUNT);
    const signatures = crypto.signMany(privateKey, inputs);
    return () => crypto.verifyManyAsync(publicKey, inputs, signatures);
  },
  generateKeyPairAsync: () => () => crypto.generateKeyPairAsync("rsa", { modulusLength: 3072 }),
};

if (name === undefined) {
  console.log(JSON.stringify(Object.keys(forms)));
} else {
  console.log(JSON.stringify(await measure(forms[name]())));
}

async function measure(work) {
  await work(); // Its code is compiled.
  // The inputs are no longer among the young, which collections move: what is seen is the results.
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  await setTimeout(50);
  const collections = [];
  const observer = new PerformanceObserver((list) =>
    collections.push(...list.getEntries().map(({ duration }) => duration)),
  );
  observer.observe({ entryTypes: ["gc"] });
  const stopTurns = watchTurns();
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  await work();
  monitor.disable();
  const own = stopTurns();
  await setTimeout(20); // The observer is told in a later turn.
  // The monitor's own timer is due a millisecond after the one before.
  const longest = Math.max(0, monitor.max / 1e6 - 1);
  const p99 = Math.max(0, monitor.percentile(99) / 1e6 - 1);
  return { longest, p99, own, collection: Math.max(0, ...collections) };
}

/**
 * What results such as those of `hashManyAsync` cost by themselves: a text of 64 characters for
 * each 32 bytes, in turns of a millisecond. Whatever is late here is V8's collection of new objects.
 */
async function textsInTurns(digests) {
  const texts = new Array(digests.length / 32);
  for (let index = 0; index < texts.length; ) {
    const start = performance.now();
    while (index < texts.length && performance.now() - start < 1) {
      const last = Math.min(index + 256, texts.length);
      for (; index < last; index++) {
        texts[index] = digests.toString("hex", index * 32, (index + 1) * 32);
      }
    }
    await setImmediate();
  }
  return texts;
}

/**
 * The most that this thread worked between two turns of a timer, collections included: what it
 * waits for a processor, on a machine with other work, does not count. Ends with the function
 * returned.
 */
function watchTurns() {
  if (process.platform !== "linux") return () => undefined;
  const { functions } = dlopen("libc.so.6", {
    clock_gettime: { arguments: ["int32", "buffer"], return: "int32" },
  });
  const CLOCK_THREAD_CPUTIME_ID = 3; // clock_gettime(2)
  const timespec = new BigInt64Array(2);
  const now = () => {
    functions.clock_gettime(CLOCK_THREAD_CPUTIME_ID, timespec);
    return Number(timespec[0] * 1_000_000_000n + timespec[1]) / 1e6;
  };
  let most = 0;
  let last = now();
  const turn = () => {
    most = Math.max(most, now() - last);
    last = now();
  };
  const timer = setInterval(turn, 1);
  return () => {
    turn();
    clearInterval(timer);
    return most;
  };
}
