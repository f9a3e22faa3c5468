import { DECLINED, FAST_VIEWS } from "../../internal/binding.js";
import type { Engine } from "./engine.js";
import type { Argument, Lowered } from "./marshaller.js";

/*
 * The source text of the V8 crossing for calls with memory or a string: tried first, and left for
 * the general code where an argument is something else. It takes no `try`, in which V8 12 enters
 * native code the slow way: nothing that it does to scratch space outlasts a throw.
 */

/**
 * Where JavaScript cannot run meanwhile, on any version of V8: nothing tells the collector about
 * the memory that C uses.
 */
function undisturbedSource({ frame }: Engine, { isLeaf }: Lowered): string {
  return isLeaf ? "" : `&& words[${frame.liveIndex}] === 0`;
}

/**
 * After so many calls in a row that the crossing declined, it is not asked any more: these strings
 * are put together from pieces, or hold more than ASCII. Code that is not optimised yet declines,
 * too.
 */
const MAX_DECLINED = 100_000;

/** What the factory of a signature counts. */
export const QUICK_STATE = "let declined = 0;";

export function hasQuickForm(engine: Engine, lowered: Lowered): boolean {
  return quickKinds(engine, lowered).length > 0;
}

/**
 * `accepted` is whether the other arguments were, and are stored; `finish` reads the result and
 * returns; `general` makes the call in the general way.
 */
export function quickSource(
  engine: Engine,
  lowered: Lowered,
  { accepted, finish, general }: Record<"accepted" | "finish" | "general", string>,
): string {
  const kinds = quickKinds(engine, lowered);
  const { planIndex, statusIndex } = engine.frame;
  const ways = kinds.map(({ condition }, index) => `${condition} ? ${index + 1}`);
  const crossings = kinds.map(({ cross }, index) => `if (way === ${index + 1}) { ${cross} }`);
  // Which way first: a DataView's [0] may be code of its own, which may use the frame.
  return `const way = ${ways.join(" : ")} : 0;
if (way !== 0 && declined < ${MAX_DECLINED} ${undisturbedSource(engine, lowered)} && ${accepted}) {
words[${planIndex}] = plan;
${crossings.join(" else ")}
if (words[${statusIndex}] !== ${DECLINED}) { declined = 0; ${finish} }
words[${statusIndex}] = 0; declined++;
}
${general}`;
}

interface QuickKind {
  readonly condition: string;
  readonly cross: string;
}

function quickKinds(engine: Engine, lowered: Lowered): QuickKind[] {
  const { crossing } = engine;
  const pointers = lowered.arguments.filter(({ how }) => how !== "scalar");
  const isPlain = lowered.result.how === "scalar" && pointers.length > 0;
  if (crossing.withMemory === undefined || !isPlain) return [];
  const kinds: QuickKind[] = [];
  const [only, ...more] = pointers;
  if (only !== undefined && more.length === 0 && takesText(only)) kinds.push(textKind(only));
  if (pointers.length <= FAST_VIEWS && pointers.every(takesView))
    kinds.push(viewsKind(engine, pointers));
  return kinds;
}

function takesText(argument: Argument): boolean {
  if (argument.how !== "pointer" || argument.view !== 0) return false;
  return ["pointer", "text", "nullableText"].includes(argument.type);
}

function takesView(argument: Argument): boolean {
  if (argument.how === "pointer") return argument.type === "pointer";
  return argument.how === "holder" && argument.takesAnyView;
}

function textKind({ index }: Argument): QuickKind {
  const text = `a${index}`;
  return {
    condition: `typeof ${text} === "string" && scratch.top + ${text}.length < scratch.end`,
    cross: `const at = scratch.top;
scratch.top = at + ${text}.length + 1; dispatchText(token, at, ${text}); scratch.top = at;`,
  };
}

/**
 * Whether an argument is a view that has its memory: a first element tells, in 1 ns; the other way
 * takes 20.
 */
function attachedSource(view: string): string {
  return `isView(${view}) && (${view}[0] !== undefined || !isDetachedView(${view}))`;
}

function viewsKind({ frame }: Engine, pointers: readonly Argument[]): QuickKind {
  const views = pointers.map(({ index }) => `a${index}`);
  const padded = Array.from({ length: FAST_VIEWS }, (_, index) => views[index] ?? "undefined");
  return {
    condition: views.map(attachedSource).join(" && "),
    cross: `words[${frame.viewMaskIndex}] = ${(1 << views.length) - 1};
dispatchViewsFast(token, ${padded.join(", ")});`,
  };
}
