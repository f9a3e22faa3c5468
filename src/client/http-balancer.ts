import type { Balance } from "./http-options.js";

/** What is asked of an address to choose it. */
export interface Candidate {
  readonly target: string;
  readonly pending: number;
  /** When it may be chosen again, by `performance.now()`; 0 while it is well. */
  readonly restsUntil: number;
}

/** Chooses an address for a call; the key is what calls of the same address share, if any. */
export type Choose<T> = (stickyKey: string | undefined) => T;

/**
 * Makes the choice among addresses. One that rests after a failure is passed over as long as there
 * is another; if all rest, the one that has rested most is tried.
 */
export function makeBalancer<T extends Candidate>(all: Some<T>, balance: Balance): Choose<T> {
  const [only] = all;
  if (all.length === 1) return () => only;
  // Clients that start together do not begin with the same one.
  let turn = Math.floor(Math.random() * all.length);
  const inTurn = (items: Some<T>): T => items[turn++ % items.length] ?? items[0];
  return (key) => {
    const items = awake(all);
    if (balance === "sticky" && key !== undefined) return mostWeight(items, key);
    return inTurn(balance === "least-pending" ? leastPending(items) : items);
  };
}

/** At least one. */
export type Some<T> = readonly [T, ...T[]];

function awake<T extends Candidate>(all: Some<T>): Some<T> {
  if (all.every(({ restsUntil }) => restsUntil === 0)) return all;
  const nowMs = performance.now();
  const [first, ...rest] = all.filter(({ restsUntil }) => restsUntil <= nowMs);
  if (first !== undefined) return [first, ...rest];
  return [all.reduce((best, item) => (item.restsUntil < best.restsUntil ? item : best))];
}

function leastPending<T extends Candidate>(items: Some<T>): Some<T> {
  const least = Math.min(...items.map(({ pending }) => pending));
  const [first = items[0], ...rest] = items.filter(({ pending }) => pending === least);
  return [first, ...rest];
}

/**
 * Rendezvous hashing (Thaler and Ravishankar, 1998): if an address goes, only its own keys move,
 * and they move to all the others.
 */
function mostWeight<T extends Candidate>(items: Some<T>, key: string): T {
  let [best] = items;
  let most = -1;
  for (const item of items) {
    const weight = hash(`${item.target}\n${key}`);
    if (weight > most) [best, most] = [item, weight];
  }
  return best;
}

/** FNV-1a with the finaliser of MurmurHash3, which spreads what differs at the end only. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
