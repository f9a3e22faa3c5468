// Calls a peer's server, in a process of its own. Prints, in microseconds, how long a call takes
// when it is alone (the middle one, and the fastest tenth), and a call of 32 at once; and the
// milliseconds of a stream of 1,000 items.
//
//   node bench/services/client.mjs <peer> <address> <calls>
import { median, undisturbed } from "../support/report.mjs";

const [peer, address, count] = process.argv.slice(2);
const calls = Number(count);
const AT_ONCE = 32;
const ITEMS = 1_000;

const { connect } = await import(`./peers/${peer}.mjs`);
const { call, stream } = await connect(address);

await one(calls);
const alone = await one(calls);
const figures = {
  "one call, p50": median(alone),
  "one call, p10": undisturbed(alone),
  "of 32 at once": await many(calls * 4),
  ...(stream && { "1,000 items": median(await streams(Math.ceil(calls / 50))) / 1000 }),
};
console.log(JSON.stringify(figures));
process.exit(0);

async function one(times) {
  const samples = [];
  for (let index = 0; index < times; index++) {
    const startMs = performance.now();
    check(await call("world"));
    samples.push((performance.now() - startMs) * 1000);
  }
  return samples;
}

/** The time of all calls over their number. */
async function many(times) {
  let left = times;
  const startMs = performance.now();
  const lane = async () => {
    while (left-- > 0) check(await call("world"));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return ((performance.now() - startMs) * 1000) / times;
}

async function streams(times) {
  const samples = [];
  for (let index = 0; index < times; index++) {
    const startMs = performance.now();
    if ((await stream(ITEMS)) !== ITEMS) throw new Error("items are missing");
    samples.push((performance.now() - startMs) * 1000);
  }
  return samples;
}

function check(answer) {
  if (answer !== "Hello, world") throw new Error(`not the greeting: ${answer}`);
}
