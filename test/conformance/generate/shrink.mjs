// Makes a failing function smaller, for as long as it still fails in the same way.

/** Compiling and running takes a fraction of a second each. */
const MAX_ATTEMPTS = 150;

/** The smallest batch found, of one function, and its failure. */
export async function shrink(batch, failure, fails) {
  let best = only(batch, failure.name);
  let found = failure;
  let attempts = 0;
  for (let improved = true; improved; ) {
    improved = false;
    for (const candidate of smaller(best)) {
      if (attempts++ >= MAX_ATTEMPTS) return { batch: best, failure: found };
      const outcome = await fails(candidate);
      if (outcome === undefined) continue;
      best = candidate;
      found = outcome;
      improved = true;
      break;
    }
  }
  return { batch: best, failure: found };
}

/** A batch of one function and the types it needs. */
function only(batch, name) {
  return prune({ ...batch, functions: batch.functions.filter((each) => each.name === name) });
}

function prune({ types, functions, ...rest }) {
  const needed = new Set();
  const visit = (type) => {
    for (const inner of [type.element, type.target, type.result].filter(Boolean)) visit(inner);
    for (const inner of type.parameters ?? []) visit(inner);
    if (!(type.name in types) || needed.has(type.name)) return;
    needed.add(type.name);
    for (const field of types[type.name].fields ?? []) visit(field.type);
  };
  for (const each of functions) visit({ kind: "function", ...each, name: undefined });
  const kept = Object.entries(types).filter(([name]) => needed.has(name));
  return { ...rest, types: Object.fromEntries(kept), functions };
}

/** Batches with one thing less, those with much less first. */
function* smaller(batch) {
  const [each] = batch.functions;
  for (const simpler of smallerFunctions(each)) yield prune({ ...batch, functions: [simpler] });
  for (const [name, type] of Object.entries(batch.types)) {
    for (const simpler of smallerTypes(type)) {
      yield prune({ ...batch, types: { ...batch.types, [name]: simpler } });
    }
  }
}

function* smallerFunctions(each) {
  if (each.result.kind !== "void") yield { ...each, result: { kind: "void" } };
  const { length } = each.parameters;
  for (let step = Math.ceil(length / 2); step >= 1; step = step > 1 ? Math.ceil(step / 2) : 0) {
    for (let from = 0; from < length; from += step) {
      const simpler = without(each, from, step);
      if (simpler !== undefined) yield simpler;
    }
  }
  for (const flag of ["hasErrno", "isLeaf", "convention", "fixed"]) {
    if (each[flag]) yield { ...each, [flag]: undefined };
  }
  for (const [index, type] of each.parameters.entries()) {
    for (const simpler of smallerParameters(type)) {
      yield { ...each, parameters: each.parameters.with(index, simpler) };
    }
  }
}

/** Undefined for a variadic function without a parameter of its own, which C does not have. */
function without(each, from, count) {
  const parameters = each.parameters.toSpliced(from, count);
  const { fixed } = each;
  if (fixed === undefined) return { ...each, parameters };
  const removed = Math.max(0, Math.min(from + count, fixed) - from);
  return removed < fixed ? { ...each, parameters, fixed: fixed - removed } : undefined;
}

function* smallerParameters(type) {
  if (type.kind === "function") yield* smallerFunctions(type);
  if (type.kind === "pointer" && type.count > 1) yield { ...type, count: 1 };
  if (type.kind === "aggregate" || type.kind === "pointer" || type.kind === "function") {
    yield { kind: "scalar", name: "int" };
  }
}

function* smallerTypes(type) {
  if (type.kind !== "aggregate") return;
  const { fields } = type;
  if (fields.length > 1) {
    for (const index of fields.keys()) yield { ...type, fields: fields.toSpliced(index, 1) };
  }
  for (const flag of ["isPacked", "aligned"]) if (type[flag]) yield { ...type, [flag]: undefined };
  for (const [index, { aligned, ...field }] of fields.entries()) {
    if (aligned !== undefined) yield { ...type, fields: fields.with(index, field) };
    if (field.isAnonymous || field.type.kind === "scalar") continue;
    const simpler = field.type.element ?? { kind: "scalar", name: "int" };
    yield { ...type, fields: fields.with(index, { ...field, type: simpler }) };
  }
}
