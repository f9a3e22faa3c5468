import { quote } from "../service/names.js";
import { endOfString, isEscaped } from "./json-depth.js";

const SPACE = 0x20;
const QUOTE = 0x22;

const IDENTIFIER = /^[A-Za-z_$][\w$]{0,63}$/;

/** Messages show no more of a path; whoever nests deeper finds the place by its beginning. */
const MAX_SHOWN_PATH = 200;

/**
 * Where an object of a JSON text has a key twice, as `[0].point.x`; undefined for most. JSON.parse
 * takes the last of them and says nothing, while others on the way may have taken the first (RFC
 * 8259, 4). `value` is what it made of the text: if it has as many members as the text at most, no
 * key was lost, and the text need not be read a second time. That costs a fifth of JSON.parse,
 * about.
 */
export function findDuplicateKey(text: string, value: unknown): string | undefined {
  if (typeof value !== "object") return undefined;
  const members = countMembersAtMost(text);
  if (members < 2 || (!hasInheritedKeys() && members === countMembers(value))) return undefined;
  return placeOfDuplicate(text);
}

/** How many members the objects of a text have: exactly, but for a few look-alikes in strings. */
function countMembersAtMost(text: string): number {
  let count = 0;
  for (let index = text.indexOf(":"); index >= 0; index = text.indexOf(":", index + 1)) {
    const before = text.charCodeAt(index - 1);
    // The colon of a member follows the key's quote or white space.
    if (before <= SPACE || (before === QUOTE && !isEscaped(text, index - 1))) count++;
  }
  return count;
}

/** Values are as deep as MAX_TEXT_DEPTH at most, so that the recursion ends. */
function countMembers(value: object | null): number {
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[])
      if (typeof item === "object") count += countMembers(item);
    return count;
  }
  const members = value as Readonly<Record<string, unknown>> | null;
  // Several times faster than Object.values.
  for (const key in members) {
    count++;
    const member = members[key];
    if (typeof member === "object") count += countMembers(member);
  }
  return count;
}

/** Somebody has given every object a property that `for in` finds. */
function hasInheritedKeys(): boolean {
  for (const _ in {}) return true;
  return false;
}

/** An array or object that is being read. */
interface Open {
  /** The keys so far; undefined for an array. */
  readonly keys: Set<string> | undefined;
  /** The key or the index of what is read now. */
  step: string | number;
  isKeyNext: boolean;
}

/** Reads a text that JSON.parse has accepted. */
function placeOfDuplicate(text: string): string | undefined {
  const open: Open[] = [];
  for (let index = 0; index < text.length; index++) {
    const inner = open.at(-1);
    switch (text[index]) {
      case '"': {
        const end = endOfString(text, index);
        if (inner?.keys !== undefined && inner.isKeyNext) {
          const key = JSON.parse(text.slice(index, end + 1)) as string;
          inner.step = key;
          if (inner.keys.has(key)) return pathOf(open);
          inner.keys.add(key);
          inner.isKeyNext = false;
        }
        index = end;
        break;
      }
      case "{":
        open.push({ keys: new Set(), step: "", isKeyNext: true });
        break;
      case "[":
        open.push({ keys: undefined, step: 0, isKeyNext: false });
        break;
      case "]":
      case "}":
        open.pop();
        break;
      case ",":
        if (typeof inner?.step === "number") inner.step++;
        else if (inner !== undefined) inner.isKeyNext = true;
    }
  }
  return undefined;
}

function pathOf(open: readonly Open[]): string {
  const path = open.map(({ step }) => placeOf(step)).join("");
  return path.length > MAX_SHOWN_PATH ? `${path.slice(0, MAX_SHOWN_PATH)}...` : path;
}

function placeOf(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  return IDENTIFIER.test(step) ? `.${step}` : `[${quote(step)}]`;
}
