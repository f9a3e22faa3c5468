// Run as `node import.mjs <specifier>`: prints the milliseconds that importing it takes, elapsed
// and of the processor, which other work on the machine disturbs less.
const [, , specifier] = process.argv;
const used = process.cpuUsage();
const start = performance.now();
await import(specifier);
const elapsed = performance.now() - start;
const { user, system } = process.cpuUsage(used);
console.log(JSON.stringify({ elapsed, cpu: (user + system) / 1e3 }));
