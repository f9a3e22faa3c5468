import type { Cursor } from "./cursor.js";

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** Reads a JSON value; a comma may follow the last item, and comments stand anywhere. */
export function parseJsonValue(cursor: Cursor): unknown {
  return cursor.nested(() => {
    const { token } = cursor;
    if (token.kind === "string" || token.kind === "number") return cursor.take().value;
    if (token.kind === "name" && WORDS.has(token.text)) return WORDS.get(cursor.take().text);
    if (cursor.accept("[")) {
      const items: unknown[] = [];
      cursor.list("]", "an item", () => items.push(parseJsonValue(cursor)));
      return items;
    }
    if (!cursor.accept("{")) throw cursor.unexpected("a JSON value");
    const entries = new Map<string, unknown>();
    cursor.list("}", "a member", () => {
      const key = cursor.token;
      const name = cursor.takeString("a member's name in quotes");
      if (entries.has(name)) throw cursor.error(key, `a second ${key.text}`);
      cursor.expect(":", "after a member's name");
      entries.set(name, parseJsonValue(cursor));
    });
    return Object.fromEntries(entries);
  });
}
