// What is said of a library that cannot be loaded: loaded when that is first to be said
// (docs/architecture.md, "What is shipped").
export { explainLoadFailure } from "./load-failure.js";
