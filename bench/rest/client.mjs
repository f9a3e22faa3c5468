// Run as `node client.mjs <methods> <way> [library]`: prints the milliseconds that it takes to make
// clients of a service with so many methods, the first one and the later ones. The way is "far", so
// that no library is opened, "handler" for functions of this process, or "native" for those of the
// library.
import { createClient, defineService, t } from "../../dist/index.js";
import { median } from "../support/report.mjs";
import { functionAt, SIGNATURES } from "./library.mjs";

const [, , methodCount, way, library] = process.argv;
const count = Number(methodCount);
const LATER = 20;
/** Native methods have so many signatures. */
const KINDS = 20;
const MODES = { far: "http", handler: "both", native: "ffi" };

const methods = Object.fromEntries(
  Array.from({ length: count }, (_, index) => [`method_${index}`, methodAt(index)]),
);
const defining = step(() => defineService({ name: "Wide", api: MODES[way], methods }));
const options =
  way === "far" ? { baseUrl: "http://127.0.0.1:9" } : { implementation: defining.result };
const create = () => createClient(defining.result, options);
const first = step(create);
const later = Array.from({ length: LATER }, () => step(create));
for (const { result: client } of [first, ...later]) await client.$close();
console.log(
  JSON.stringify({
    "defining the service": defining.milliseconds,
    "the first client": first.milliseconds,
    "a later client": median(later.map(({ milliseconds }) => milliseconds)),
  }),
);

/** Schemas of their own, as methods that somebody writes have. */
function methodAt(index) {
  if (way === "native") {
    const { prototype } = functionAt((index % KINDS) + Math.floor(index / KINDS) * SIGNATURES);
    return { native: { library, declaration: prototype } };
  }
  const parameters = [t.param("left", t.number()), t.param("right", t.number())];
  const method = { parameters, result: t.number() };
  return way === "far" ? method : { ...method, handler: (left, right) => left + right };
}

function step(run) {
  const start = performance.now();
  const result = run();
  return { result, milliseconds: performance.now() - start };
}
