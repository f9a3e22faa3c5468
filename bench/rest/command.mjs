// Run as `node command.mjs [argument...]`: prints the milliseconds that a process of Node with
// these arguments takes from start to end.
import { execFileSync } from "node:child_process";

const start = performance.now();
execFileSync(process.execPath, process.argv.slice(2), { stdio: ["ignore", "ignore", "inherit"] });
console.log(JSON.stringify({ milliseconds: performance.now() - start }));
