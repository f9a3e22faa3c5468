// Run as `node first-call.mjs <peer> <library>`: prints the microseconds that the first steps take
// in a process whose import is done.
import { functionAt, SIGNATURES } from "./library.mjs";
import { PEERS } from "./peers.mjs";

const [, , peer, path] = process.argv;
const open = await PEERS[peer](path);
const [one, same, other] = [7, 7 + SIGNATURES, 8].map(functionAt);

const steps = {};
const resolve = step("opening the library", open);
const first = step("resolving the first function", () => resolve(one));
step("calling it for the first time", () => first(...one.values));
step("calling it again", () => first(...one.values));
step("another of its signature, resolved and called", () => resolve(same)(...same.values));
step("one of another signature, resolved and called", () => resolve(other)(...other.values));
console.log(JSON.stringify(steps));

function step(title, run) {
  const start = process.hrtime.bigint();
  const result = run();
  steps[title] = Number(process.hrtime.bigint() - start) / 1e3;
  return result;
}
