import type { Cursor } from "./cursor.js";

const ASSERTION_WORDS = new Set(["_Static_assert", "static_assert"]);
const ASM_WORDS: ReadonlySet<string> = new Set(["__asm__", "asm", "__asm"]);

/** Consumes `_Static_assert(...)` if it stands here: the compiler has checked it. */
export function takeAssertion(cursor: Cursor): boolean {
  const { kind, text } = cursor.token;
  if (kind !== "word" || !ASSERTION_WORDS.has(text)) return false;
  cursor.next();
  if (!cursor.is("(")) throw cursor.problem('expected "("');
  cursor.skipBalanced();
  cursor.take(";");
  return true;
}

/** Consumes `asm("name")` if it stands here and gives the name. */
export function takeAsmLabel(cursor: Cursor): string | undefined {
  const { kind, text } = cursor.token;
  if (kind !== "word" || !ASM_WORDS.has(text)) return undefined;
  cursor.next();
  cursor.expect("(");
  let label = "";
  while (cursor.token.kind === "string") label += cursor.next().text.slice(1, -1);
  cursor.expect(")");
  return label;
}

/** Skips an initializer up to the `,` or `;` after it. */
export function skipInitializer(cursor: Cursor): void {
  while (!cursor.is(",") && !cursor.is(";")) {
    if (cursor.token.kind === "end") throw cursor.problem('expected ";"');
    if (cursor.is("(") || cursor.is("[") || cursor.is("{")) cursor.skipBalanced();
    else cursor.next();
  }
}
