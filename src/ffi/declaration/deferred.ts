// The reader of C, which a program that names its types by words never needs: loaded when a
// function of this file is first called (docs/architecture.md, "What is shipped").
export { cdef } from "./cdef.js";
export { parseDeclaration, parseFunctionType, parseType } from "./declaration.js";
