// The thread of fresh-modules.mjs on which Node resolves: numbers the modules of src/.
let resets;
let sources;

export function initialize(data) {
  ({ resets, sources } = data);
}

export async function resolve(specifier, context, nextResolve) {
  const resolved = await nextResolve(specifier, context);
  if (!resolved.url.startsWith(sources)) return resolved;
  const { parentURL = "" } = context;
  const number = parentURL.startsWith(sources) ? numberOf(parentURL) : Atomics.load(resets, 0);
  return number === 0 ? resolved : { ...resolved, url: `${resolved.url}?${number}` };
}

/** Modules import each other as they were when the first of them was imported. */
function numberOf(url) {
  return Number(new URL(url).search.slice(1));
}
