// Memory over time: what a window of calls leaves behind, in bytes for each call.
import { collect, ffi, turn } from "./support.mjs";

/** The first windows fill caches: V8's code and feedback, pools, the allocator's lists. */
const WARM_UP = 4;
const MEASURED = 10;

/**
 * Bytes a call that may stay. The smallest thing that a call could leave has 16 bytes (an object of
 * V8, a block of malloc's), so that 1 finds one that every sixteenth call leaves. The resident set
 * counts pages that the allocators keep for later: there a leak has to be a block in every second
 * call.
 */
const MOST = { heap: 1, external: 1, malloc: 1, resident: 8 };

/** Bytes by which windows without a leak differ, however many their calls: see measureGrowth. */
const NOISE = { heap: 16_384, external: 4096, malloc: 16_384, resident: 1_048_576 };

/** Measures the growth by `work(count)`, prints it, and fails the process where something stays. */
export async function judgeGrowth(name, work, callsPerWindow) {
  let { growth, leaks } = await measureGrowth(work, callsPerWindow);
  // What V8 and the allocator move about does not grow with the calls; what calls leave does.
  if (leaks.length > 0) ({ growth, leaks } = await measureGrowth(work, 8 * callsPerWindow));
  const words = Object.entries(growth).map(([kind, bytes]) => `${kind} ${bytes.toFixed(2)}`);
  console.log(`${name}: bytes a call: ${words.join(", ")}`);
  if (leaks.length > 0) {
    console.error(`${name}: more stays than may: ${leaks.map(([kind]) => kind).join(", ")}`);
    process.exitCode = 1;
  }
}

/**
 * Runs `work(count)` in windows, with full collections between them, and gives how each kind of
 * memory grows, by the median of all pairs of windows (Theil and Sen): single windows in which a
 * page was taken or given back do not count. V8's own tables, and the pages it keeps, still move a
 * little from window to window: few calls have to leave more than that to be found.
 */
async function measureGrowth(work, callsPerWindow) {
  const windows = [];
  for (let index = 0; index < WARM_UP + MEASURED; index++) {
    await work(callsPerWindow);
    await settle();
    if (index >= WARM_UP) windows.push(sample());
  }
  const growth = {};
  for (const kind of Object.keys(windows[0])) {
    const values = windows.map((window) => window[kind]);
    growth[kind] = medianSlope(values) / callsPerWindow;
  }
  const leaks = Object.entries(growth).filter(([kind, bytes]) => {
    return bytes > MOST[kind] + NOISE[kind] / callsPerWindow;
  });
  return { growth, leaks };
}

/** Finalizers run in turns of the event loop and free what only the next collection finds. */
async function settle() {
  for (let round = 0; round < 3; round++) {
    collect();
    await turn();
  }
  collect();
}

function sample() {
  const { heapUsed, external, rss } = process.memoryUsage();
  const known = { heap: heapUsed, external, resident: rss };
  return mallocInUse === undefined ? known : { ...known, malloc: mallocInUse() };
}

/** The bytes of live blocks and of mapped ones, where the C library says so (glibc 2.33). */
const mallocInUse = (() => {
  try {
    const { types } = ffi.cdef(`struct mallinfo2 {
      size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
    };`);
    const info = new ffi.DynamicLibrary(null, { types }).getFunction(
      "struct mallinfo2 mallinfo2(void)",
    );
    return () => {
      const { uordblks, hblkhd } = info();
      return uordblks + hblkhd;
    };
  } catch {
    return undefined;
  }
})();

function medianSlope(values) {
  const slopes = [];
  for (let left = 0; left < values.length; left++) {
    for (let right = left + 1; right < values.length; right++) {
      slopes.push((values[right] - values[left]) / (right - left));
    }
  }
  slopes.sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)];
}
