import type { NamedTypes } from "./declaration.js";
import { parseDeclaration } from "./deferred.js";
import type { Declaration } from "./function-declaration.js";
import { readPlainPrototype } from "./plain-prototype.js";

/**
 * As `parseDeclaration`, which loads the reader of C: that and its first reading take 15 to 20 ms,
 * which a program whose prototypes are plain does without.
 */
export function parsePrototype(text: string, types?: NamedTypes): Declaration {
  const plain = types === undefined ? readPlainPrototype(text) : undefined;
  return plain ?? parseDeclaration(text, types);
}
