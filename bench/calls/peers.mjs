// Who is measured: the module that makes the calls, and the runtime that it runs in. A module
// exports `open(paths)`, which gives
//   call(name)        the function of that name, to be called as the case writes it
//   adapted(name)     what the case has to say otherwise for this peer: `call`, `use`, `values`
//   missing(name)     why the peer cannot call the function, if it cannot
//   callback(f)       what to pass as a function pointer
//   asyncLoop(name, count), map(name)   where the peer has such calls
// all but `call` being optional.

export const PEERS = {
  nearfar: { module: "nearfar.mjs", runtime: "node" },
  "nearfar by Node-API": {
    module: "nearfar.mjs",
    runtime: "node",
    environment: { NEARFAR_FAST: "off" },
  },
  koffi: { module: "koffi.mjs", runtime: "node" },
  // A million of its calls take ten seconds.
  "ffi-rs": {
    module: "ffi-rs.mjs",
    runtime: "node",
    takes: ({ kind, sweep }) => sweep === undefined && kind !== "map",
  },
  "Node-API by hand": {
    module: "by-hand.mjs",
    runtime: "node",
    takes: ({ sweep }) => sweep === undefined,
  },
  "nearfar, Node 26": {
    module: "nearfar.mjs",
    runtime: "node26",
    takes: ({ sweep }) => sweep === undefined,
  },
  "node:ffi, Node 26": { module: "node-ffi.mjs", runtime: "node26" },
  Bun: { module: "bun.mjs", runtime: "bun" },
  Deno: { module: "deno.mjs", runtime: "deno" },
  "a loop in JavaScript": {
    module: "javascript.mjs",
    runtime: "node",
    takes: ({ kind, sweep }) => kind === "map" || sweep === "payload",
  },
  "a loop in C": { module: "c.mjs", runtime: "node", takes: ({ kind }) => kind === "map" },
};

/** Whether a peer is asked at all. */
export function takes(peer, asked) {
  return PEERS[peer].takes?.(asked) ?? true;
}
