import { TEXT_HAS_NUL, TEXT_WRITTEN } from "./frame.js";
import type { HolderArgument, Lowered, PointerArgument } from "./marshaller.js";

/* The source text of arguments that are an address in a slot. */

/** Where memory's address goes. */
type Slot = Pick<PointerArgument, "index" | "offset" | "view">;

/**
 * Whether an argument is a view that is seen to have its memory: a first element tells, in 1 ns; the
 * other way takes 10 to 20. Before the frame is used: a DataView's [0] may be code of its own.
 */
export function seenSource(argument: PointerArgument | HolderArgument): string {
  if (argument.view < 0 || (argument.how === "pointer" && argument.type !== "pointer")) return "";
  const value = `${argument.how === "pointer" ? "a" : "s"}${argument.index}`;
  return `const seen${argument.index} = isView(${value}) && ${value}[0] !== undefined;`;
}

/** Has the caller's memory passed to a slot: a statement. `seen` tells that it need not be checked. */
function passSource(memory: string, slot: Slot, seen = "false"): string {
  if (slot.view < 0) return storeAddress(memory, slot);
  const refuse = `if (!${seen} && isDetachedView(${memory})) refusals.detached(${slot.index});`;
  return `{ ${refuse} ${passView(memory, slot)} }`;
}

function passView(memory: string, { view }: Slot): string {
  return `v${view} = ${memory}; mask |= ${1 << view};`;
}

/** The same for a string's copy. */
function passCopy(memory: string, slot: Slot): string {
  return slot.view < 0 ? storeAddress(memory, slot) : passView(memory, slot);
}

/** A bare address keeps nothing alive: the call holds the memory, which may be a string's copy. */
function storeAddress(memory: string, { index, offset }: Slot): string {
  return `{ const m = ${memory}, p = addressOf(m);
if (p === undefined) refusals.detached(${index}); held.push(m); u64[${offset >> 3}] = p; }`;
}

/**
 * For a call that is made later: the addresses of views, last, where other calls are dispatched.
 */
export function addressSource(lowered: Lowered): string {
  return lowered.arguments
    .map((argument) => {
      if (!("view" in argument) || argument.view < 0) return "";
      const { view } = argument;
      return `if (mask & ${1 << view}) ${storeAddress(`v${view}`, argument)}`;
    })
    .join("\n");
}

export function pointerSource(argument: PointerArgument): string {
  const { type, index, offset } = argument;
  const a = `a${index}`;
  const refuse = `refusals.argument(${index}, ${a});`;
  const writer = {
    pointer: `writeText(${a}, ${offset})`,
    text: `writeText(${a}, ${offset})`,
    nullableText: `writeText(${a}, ${offset})`,
    text16: `writeWideText(${a}, ${offset}, "utf16")`,
    text32: `writeWideText(${a}, ${offset}, "utf32")`,
  }[type];
  const storeText = `{ const r = ${writer};
if (r === ${TEXT_HAS_NUL}) ${refuse} if (r !== ${TEXT_WRITTEN}) { ${passCopy("r", argument)} } }`;
  const text = `{ if (typeof ${a} !== "string") ${refuse} ${storeText} }`;
  if (type === "text") return text;
  if (type !== "pointer") return `if (${a} === null) ${storeNull(offset)} else ${text}`;
  return `if (isView(${a})) ${passSource(a, argument, `seen${index}`)}
else if (typeof ${a} === "bigint") {
if (BigInt.asUintN(64, ${a}) !== ${a}) ${refuse} u64[${offset >> 3}] = ${a};
} else if (${a} === null || ${a} === undefined) ${storeNull(offset)}
else if (typeof ${a} === "string") ${storeText}
else { const w = memoryOf(${a}); if (w === undefined) ${refuse}
if (typeof w === "bigint") u64[${offset >> 3}] = w; else ${passSource("w", argument)} }`;
}

function storeNull(offset: number): string {
  return `{ u32[${offset >> 2}] = 0; u32[${(offset >> 2) + 1}] = 0; }`;
}

export function holderSource(argument: HolderArgument): string {
  const { index, offset } = argument;
  const s = `s${index}`;
  return `if (typeof ${s} === "number") point(${offset}, ${s});
else if (typeof ${s} === "bigint") u64[${offset >> 3}] = ${s};
else if (${s} === null || ${s} === undefined) ${storeNull(offset)}
else ${passSource(s, argument, `seen${index}`)}`;
}
