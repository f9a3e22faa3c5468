/**
 * How deep arrays and objects of a value may lie in one another: far deeper than data of any
 * service, and far from where recursion would end. What contains itself is refused by it, too.
 */
export const MAX_DEPTH = 500;

/**
 * The same of a text in JSON or CBOR: room for what messages put around a value, such as the list of
 * arguments of a call in a batch in a list of frames.
 */
export const MAX_TEXT_DEPTH = MAX_DEPTH + 10;
