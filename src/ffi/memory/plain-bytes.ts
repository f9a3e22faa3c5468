/**
 * A `Uint8Array` over an `ArrayBuffer` that is not shared: `Uint8Array<ArrayBuffer>`, in words that
 * TypeScript before 5.7 understands, too.
 */
export type PlainBytes = ReturnType<Uint8ArrayConstructor["of"]>;
