const nearfar = new URL("../../../dist/ffi/index.js", import.meta.url).href;

export function resolve(specifier, context, next) {
  if (specifier === "node:ffi") return { url: nearfar, shortCircuit: true };
  return next(specifier, context);
}
