// Run as `node client.mjs <methods>`: prints the milliseconds that it takes to make clients of a
// service with so many methods, the first one and the later ones; far, so that no library is
// opened.
import { createClient, defineService, t } from "../../dist/index.js";
import { median } from "../support/report.mjs";

const count = Number(process.argv[2]);
const LATER = 20;

const methods = Object.fromEntries(
  Array.from({ length: count }, (_, index) => [
    `method_${index}`,
    {
      parameters: [t.param("left", t.number()), t.param("right", t.number())],
      result: t.number(),
    },
  ]),
);
const defining = step(() => defineService({ name: "Wide", api: "http", methods }));
const create = () => createClient(defining.result, { baseUrl: "http://127.0.0.1:9" });
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

function step(run) {
  const start = performance.now();
  const result = run();
  return { result, milliseconds: performance.now() - start };
}
