// Random functions over the types, their C and how JavaScript gets hold of them.
import { chance, createRandom, pick } from "../../conformance/generate/random.mjs";
import { PRELUDE } from "./c-prelude.mjs";
import { KINDS } from "./types.mjs";

const MOST_PARAMETERS = 12;
const names = Object.keys(KINDS);

/** `{ name, style, parameters, result, errno }`: parameters and result are names of kinds. */
export function makeFunctions(seed, count) {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const style = pick(random, ["prototype", "signature"]);
    const fits = names.filter(
      (name) => (KINDS[name].spec !== undefined) === (style === "signature"),
    );
    const results = fits.filter((name) => KINDS[name].give !== undefined);
    const length = Math.floor(random() ** 2 * (MOST_PARAMETERS + 1));
    return {
      name: `f${index}`,
      style,
      parameters: Array.from({ length }, () => pick(random, fits)),
      result: chance(random, 0.1) ? "void" : pick(random, results),
      errno: chance(random, 0.2),
    };
  });
}

export function sourceOf(functions) {
  return [PRELUDE, ...functions.map(definition)].join("\n");
}

function definition(each) {
  const lines = each.parameters.map((kind, index) => KINDS[kind].see(`a${index}`));
  if (each.errno) lines.push("errno = (int)(digest & 127);");
  if (each.result !== "void") lines.push(`return ${KINDS[each.result].give};`);
  return `${prototype(each)} {\n  digest = 0xcbf29ce484222325u;\n  ${lines.join("\n  ")}\n}`;
}

export function prototype({ name, parameters, result }) {
  const list = parameters.map((kind, index) => KINDS[kind].declare(`a${index}`)).join(", ");
  const type = result === "void" ? "void " : KINDS[result].declare("").trimEnd();
  return `${type} ${name}(${list || "void"})`;
}

/** The JavaScript function. */
export function resolve(kit, each) {
  const { name, style, parameters, result, errno } = each;
  if (style === "prototype") return kit.library.getFunction(prototype(each), { errno });
  const spec = (kind) => (kind === "void" ? "void" : KINDS[kind].spec(kit));
  return kit.library.getFunction(name, {
    arguments: parameters.map(spec),
    return: spec(result),
    errno,
  });
}
