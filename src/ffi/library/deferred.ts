// What is said of a library that cannot be loaded and of a symbol that is not there, and libraries
// from bytes: loaded when a function of this file is first called (docs/architecture.md, "What is
// shipped").
export { explainLoadFailure } from "./load-failure.js";
export { describeMemoryImage, writeMemoryImage } from "./memory-image.js";
export { explainMissingSymbol } from "./missing-symbol.js";
