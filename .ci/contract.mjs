// Holds the contract number between the addon and src/internal: when what the addon exports is
// declared otherwise, the number must be another, so that a stale binary is refused by its number.
// `npm run contract` raises it in the sources that carry it; CI runs this with --check.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const declarations = ["binding.ts", "crypto-binding.ts", "isolate-binding.ts"].map(
  (name) => `src/internal/${name}`,
);
const carriers = [
  ["src/internal/contract.ts", /(CONTRACT = )(\d+)/],
  ["native/addon/contract.h", /(kContract = )(\d+)/],
];
const record = ".ci/contract.json";

const read = (file) => readFileSync(`${root}${file}`, "utf8");
const digest = digestOf(declarations.map(read).join("\n"));
const numbers = carriers.map(([file, pattern]) => Number(pattern.exec(read(file))?.[2]));
const recorded = JSON.parse(read(record));

if (process.argv[2] === "--check") {
  const problem = findProblem();
  if (problem !== undefined) console.error(`contract: ${problem}; run \`npm run contract\``);
  else console.log(`contract: ${recorded.contract}`);
  process.exitCode = problem === undefined ? 0 : 1;
} else if (findProblem() === undefined) {
  console.log(`contract: ${recorded.contract}, nothing has changed`);
} else {
  const next = Math.max(recorded.contract, ...numbers) + 1;
  for (const [file, pattern] of carriers) {
    writeFileSync(`${root}${file}`, read(file).replace(pattern, `$1${next}`));
  }
  writeFileSync(`${root}${record}`, `${JSON.stringify({ contract: next, digest }, null, 2)}\n`);
  console.log(`contract: ${next}; compile again (npm run build)`);
}

function findProblem() {
  if (numbers.some((number) => number !== recorded.contract)) {
    return `${carriers.map(([file]) => file).join(" and ")} have ${numbers.join(" and ")}, ${record} ${recorded.contract}`;
  }
  return digest === recorded.digest ? undefined : `${declarations.join(" or ")} has changed`;
}

/** Of the declarations alone: comments and white space change nothing. */
function digestOf(source) {
  const declared = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").replace(/\s+/g, " ");
  return createHash("sha256").update(declared).digest("hex");
}
