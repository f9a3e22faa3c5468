// Serves the service of a peer until it is told to stop; prints where.
const { serve } = await import(`./peers/${process.argv[2]}.mjs`);
console.log(await serve());
