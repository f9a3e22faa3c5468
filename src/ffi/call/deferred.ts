// Ways of calling that few functions are called in: loaded when one of them first is
// (docs/architecture.md, "What is shipped").
export { createMapper } from "./map.js";
export { interpretAsyncMarshaller, interpretMarshaller } from "./marshal-interpreted.js";
export { createVariadicFunction } from "./variadic.js";
