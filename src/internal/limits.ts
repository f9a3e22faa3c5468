/**
 * How deep arrays and objects may lie in one another, in JSON and in CBOR: far deeper than data of
 * any service, and far from where recursion would end.
 */
export const MAX_JSON_DEPTH = 500;
