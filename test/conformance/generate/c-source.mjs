// The C of a batch. Each function records its arguments as C sees them, leaf by leaf and without
// padding, and takes what it returns from the script.

import { PRELUDE } from "./c-prelude.mjs";
import { offsetPaths } from "./layouts.mjs";
import { PROMOTIONS } from "./signatures.mjs";

/** The whole C source. */
export function sourceOf({ types, functions, isExtended }) {
  const aggregates = Object.values(types).filter(({ kind }) => kind === "aggregate");
  return [
    PRELUDE,
    typeDeclarations(types),
    ...aggregates.map((type) => aggregateFunctions(types, type)),
    ...functions.map((each) => definition(each, isExtended)),
    ...functions.filter(isCallable).map((each) => caller(each, isExtended)),
  ].join("\n");
}

/** What cdef reads: types and prototypes. */
export function declarationsOf(batch) {
  const { types, functions } = batch;
  const prototypes = functions.map((each) => `${prototype(each)};`);
  const callers = functions.filter(isCallable).map((each) => `${callerPrototype(each)};`);
  return [typeDeclarations(types), ...prototypes, ...callers].join("\n");
}

/** Whether C can call a JavaScript callback of the function's signature. */
export function isCallable({ fixed, convention }) {
  return fixed === undefined && convention === undefined;
}

/** The C name of a type and what is declared with it. */
export function declarator(type, name) {
  switch (type.kind) {
    case "void":
      return `void ${name}`;
    case "scalar":
      return `${type.name} ${name}`;
    case "enum":
      return `enum ${type.name} ${name}`;
    case "aggregate":
      return `T${type.name} ${name}`;
    case "array":
      return declarator(type.element, `${name}[${type.length}]`);
    case "text":
      return `const ${type.unit} *${name}`;
    case "pointer":
      return `${type.direction === "in" ? "const " : ""}${declarator(type.target, `*${name}`)}`;
    case "function":
      return declarator(type.result, `(*${name})(${parameterList(type.parameters, () => "")})`);
  }
}

function parameterList(parameters, nameOf) {
  return (
    parameters.map((type, index) => declarator(type, nameOf(index)).trim()).join(", ") || "void"
  );
}

function typeDeclarations(types) {
  const list = Object.values(types).map((type) =>
    type.kind === "enum" ? enumDeclaration(type) : aggregateDeclaration(types, type),
  );
  return `typedef int (*handler)(int);\n${list.join("\n")}`;
}

function enumDeclaration({ name, members }) {
  const list = Object.entries(members).map(([member, value]) => {
    return `${member} = ${value === "-2147483648" ? "-2147483647 - 1" : value}`;
  });
  return `enum ${name} { ${list.join(", ")} };`;
}

function aggregateDeclaration(types, type) {
  const { name, keyword } = type;
  return `${keyword} ${name} ${body(types, type)};\ntypedef ${keyword} ${name} T${name};`;
}

function body(types, { fields, isPacked, aligned }) {
  const attributes = [isPacked && "packed", aligned && `aligned(${aligned})`].filter(Boolean);
  const suffix = attributes.length > 0 ? ` __attribute__((${attributes.join(", ")}))` : "";
  const members = fields.map(({ name, type, bits, isAnonymous, aligned: own }) => {
    if (isAnonymous) return `${types[type.name].keyword} ${body(types, types[type.name])};`;
    const attribute = own === undefined ? "" : ` __attribute__((aligned(${own})))`;
    return `${declarator(type, name)}${bits === undefined ? "" : ` : ${bits}`}${attribute};`;
  });
  return `{ ${members.join(" ")} }${suffix}`;
}

function aggregateFunctions(types, type) {
  const { name } = type;
  const offsets = offsetPaths(type).map((path) => `offsetof(T${name}, ${path})`);
  return `static void see_${name}(const T${name} *p) { ${members(types, type, "p->", seen)} }
static void take_${name}(T${name} *p) {
  memset(p, 0xa5, sizeof *p);
  ${members(types, type, "p->", taken)}
}
void fill_${name}(void *p) { ${local(name, "take_", "t")} memcpy(p, &t, sizeof t); }
const uint64_t layout_${name}[] = {${[`sizeof(T${name})`, `_Alignof(T${name})`, ...offsets].join(", ")}};`;
}

function local(name, verb, variable) {
  return `T${name} ${variable}; ${verb}${name}(&${variable});`;
}

/** The members' statements; of a union, those of the member that the script names. */
function members(types, { keyword, fields }, owner, statement) {
  const list = fields.map(({ name, type, bits, isAnonymous }) => {
    if (isAnonymous) return members(types, types[type.name], owner, statement);
    return statement(type, `${owner}${name}`, bits);
  });
  if (keyword === "struct") return list.join(" ");
  const cases = list.map((each, index) => `case ${index}: { ${each} break; }`);
  return `switch (take_byte()) { ${cases.join(" ")} default: abort(); }`;
}

/**
 * Statements that record a value. Members go through a copy: in a packed struct they need not be
 * aligned.
 */
function seen(type, value, bits) {
  if (bits !== undefined) return `{ int64_t t = ${value}; SEE(t); }`;
  switch (type.kind) {
    case "text":
      return `see_${type.unit}_text(${value});`;
    case "aggregate":
      return `{ T${type.name} t; memcpy(&t, &${value}, sizeof t); see_${type.name}(&t); }`;
    case "array":
      return repeated(type.length, value, (item) => seen(type.element, item));
    default:
      return type.name === "long double" ? `see_double(${value});` : `SEE(${value});`;
  }
}

/** Statements that take a value from the script. */
function taken(type, value, bits) {
  if (bits !== undefined) return `{ int64_t t; TAKE(t); ${value} = t; }`;
  switch (type.kind) {
    case "text":
      return `${value} = take_${type.unit}_text();`;
    case "aggregate":
      return `{ ${local(type.name, "take_", "t")} memcpy(&${value}, &t, sizeof t); }`;
    case "array":
      return repeated(type.length, value, (item) => taken(type.element, item));
    default:
      return type.name === "long double" ? `${value} = take_double();` : `TAKE(${value});`;
  }
}

function repeated(length, value, statement) {
  const index = `i${value.split("[").length}`;
  return `for (int ${index} = 0; ${index} < ${length}; ${index}++) { ${statement(`${value}[${index}]`)} }`;
}

/** A function's prototype. */
export function prototype(each, nameOf = (index) => `a${index}`) {
  const { name, result, parameters, fixed, convention } = each;
  const list = parameterList(parameters.slice(0, fixed), nameOf);
  const attribute = convention === "win64" ? "__attribute__((ms_abi)) " : "";
  return `${attribute}${declarator(result, `${name}(${list}${fixed === undefined ? "" : ", ..."})`)}`;
}

function definition(each, isExtended) {
  const { result, parameters, fixed = parameters.length, hasErrno } = each;
  const wide = (type, index) => isExtended && index < fixed && isNarrow(type);
  const lines = parameters.flatMap((type, index) => [
    ...(index >= fixed ? [variable(type, `a${index}`)] : []),
    ...(wide(type, index)
      ? [`${type.name} a${index} = w${index}; ${extension(`w${index}`, `a${index}`)}`]
      : []),
    observed(type, `a${index}`, isExtended),
  ]);
  const head = {
    ...each,
    parameters: parameters.map((type, index) => (wide(type, index) ? WIDE : type)),
  };
  const nameOf = (index) => `${wide(parameters[index], index) ? "w" : "a"}${index}`;
  if (fixed < parameters.length) {
    lines.unshift(`va_list list; va_start(list, ${nameOf(fixed - 1)});`);
    lines.push("va_end(list);");
  }
  if (result.kind !== "void")
    lines.push(`${declarator(result, "result")};`, obtained(result, "result"));
  if (hasErrno) lines.push("int number; TAKE(number); errno = number;");
  if (result.kind !== "void") lines.push("return result;");
  return `${prototype(head, nameOf)} {\n  ${lines.join("\n  ")}\n}`;
}

const WIDE = { kind: "scalar", name: "int" };

function isNarrow({ kind, name }) {
  return kind === "scalar" && PROMOTIONS[name] === "int";
}

function extension(wide, narrow) {
  return `see_extension(${wide}, ${narrow});`;
}

function variable(type, name) {
  const passed = type.kind === "scalar" ? (PROMOTIONS[type.name] ?? type.name) : undefined;
  const given = passed ?? declarator(type, "").trim();
  return `${declarator(type, name)} = va_arg(list, ${given});`;
}

/** What a function does with an argument. */
function observed(type, name, isExtended) {
  if (type.kind === "pointer") return observedPointer(type, name);
  if (type.kind !== "function")
    return type.kind === "aggregate" ? `see_${type.name}(&${name});` : seen(type, name);
  return `if (see_presence(${name})) { ${invocation(type, name, isExtended)} }`;
}

function observedPointer({ target, count, direction }, name) {
  const item = `${name}[i]`;
  const see = direction === "out" ? "" : seen(target, item);
  const take = direction === "in" ? "" : taken(target, item);
  return `if (see_presence(${name})) for (int i = 0; i < ${count}; i++) { ${see} ${take} }`;
}

/** Calls a function pointer with what the script says, and records what came back. */
function invocation({ result, parameters }, callback, isExtended) {
  const lines = parameters.map((type, index) => passed(type, `b${index}`));
  const args = `(${parameters.map((_, index) => `b${index}`).join(", ")})`;
  const call = `${callback}${args}`;
  if (result.kind === "void") return [...lines, `${call};`].join(" ");
  if (isExtended && isNarrow(result)) {
    const type = declarator({ kind: "function", result: WIDE, parameters }, "");
    const wide = `int wide = ((${type})${callback})${args};`;
    return [
      ...lines,
      wide,
      `${result.name} outcome = wide; SEE(outcome);`,
      extension("wide", "outcome"),
    ].join(" ");
  }
  const outcome = `${declarator(result, "outcome")} = ${call};`;
  return [...lines, outcome, observed(result, "outcome")].join(" ");
}

function passed(type, name) {
  switch (type.kind) {
    case "aggregate":
      return local(type.name, "take_", name);
    case "pointer":
      return `${declarator(type.target, `${name}[${type.count}]`)}; for (int i = 0; i < ${type.count}; i++) { ${taken(type.target, `${name}[i]`)} }`;
    case "function":
      return `${declarator(type, name)}; TAKE(${name});`;
    default:
      return `${declarator(type, name)}; ${taken(type, name)}`;
  }
}

function obtained(type, name) {
  return type.kind === "aggregate" ? `take_${type.name}(&${name});` : taken(type, name);
}

/** `call_f7` calls a function pointer of f7's signature. */
function callerPrototype({ name, result, parameters }) {
  return `void call_${name}(${declarator({ kind: "function", result, parameters }, "callback")})`;
}

function caller(each, isExtended) {
  const type = { kind: "function", result: each.result, parameters: each.parameters };
  return `${callerPrototype(each)} { ${invocation(type, "callback", isExtended)} }`;
}
