/** Longer names are not compared: the time is the product of both lengths. */
const MAX_LENGTH = 64;

/** The name that a misspelt one most likely meant, if one is near enough. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  return nearestNames(name, known)[0];
}

/** The names that are nearest to a misspelt one, one as near as the other; none if none is near. */
export function nearestNames(name: string, known: Iterable<string>): readonly string[] {
  if (name.length > MAX_LENGTH) return [];
  const word = name.toLowerCase();
  let best: string[] = [];
  // One slip in three characters: `doble` is near `double`, `foo` is near nothing.
  let most = Math.floor(name.length / 3);
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > most) continue;
    const distance = editDistance(word, candidate.toLowerCase());
    if (distance > most) continue;
    if (distance < most) best = [];
    most = distance;
    best.push(candidate);
  }
  return best;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours between two words (optimal string
 * alignment), row by row.
 */
function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? (before[j - 2] ?? 0) + 1 : replace;
      next.push(Math.min(replace, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
