import type { Grammar } from "./grammar.js";
import { declaredAgain } from "./ordinary-names.js";
import { isDefined } from "./scope.js";
import type { Tag, TagKeyword } from "./shape.js";
import type { Token } from "./tokens.js";

/** The tag of a reference; `start` is its keyword. */
export function referTag(grammar: Grammar, keyword: TagKeyword, name: string, start: Token): Tag {
  refuseRival(grammar, keyword, name, start);
  return grammar.scope.referTag(keyword, name, start.offset);
}

/** The tag of a definition, which a source may have once. */
export function defineTag(grammar: Grammar, keyword: TagKeyword, name: string, start: Token): Tag {
  refuseRival(grammar, keyword, name, start);
  const tag = grammar.scope.defineTag(keyword, name, start.offset);
  if (!isDefined(tag)) return tag;
  throw declaredAgain(grammar.cursor.source, `${tag.name}, defined`, "defined again", tag, start);
}

function refuseRival(grammar: Grammar, keyword: TagKeyword, name: string, start: Token): void {
  const rival = grammar.scope.rivalTag(keyword, name);
  if (rival === undefined) return;
  const { source } = grammar.cursor;
  if (source.branchAt(rival.offset) !== source.branchAt(start.offset)) return;
  throw declaredAgain(source, `${rival.name}, declared`, `declared as ${keyword}`, rival, start);
}
