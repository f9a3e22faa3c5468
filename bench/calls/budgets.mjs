// What the engine has to reach, as ratios within one run: docs/benchmarks.md shows them with what
// was measured. All are of the quietest rounds.

const SCALARS = [
  "no-op",
  "add int32",
  "add float64",
  "sum of six uint32",
  "add int64, bigints",
  "bool",
];
const MEMORY = ["buffer and length", "string of 13 characters"];
const STRUCTS = ["struct {double, double} in and out", "pointer to a struct of 4 fields"];
const CALLBACK = ["callback, each call of it"];
const ASYNC = ["asynchronous add, 1,000 in flight"];
const MAP = ["map of 1,000,000 adds, each"];

const ratio = (cases, peer, against, most) => ({ cases, peer, against, most, how: "ratio" });

const BUDGETS = [
  { cases: SCALARS.slice(0, 4), peer: "nearfar", most: 6, how: "nanoseconds" },
  ratio(SCALARS, "nearfar", "koffi", 0.3),
  ratio(SCALARS, "nearfar", "Deno", 2),
  ratio(SCALARS, "nearfar by Node-API", "koffi", 0.6),
  ratio(MEMORY, "nearfar", "koffi", 0.8),
  ratio(MEMORY, "nearfar by Node-API", "koffi", 0.8),
  ratio(STRUCTS, "nearfar", "koffi", 0.2),
  ratio(STRUCTS, "nearfar by Node-API", "koffi", 0.2),
  ratio(CALLBACK, "nearfar", "koffi", 0.8),
  ratio(CALLBACK, "nearfar by Node-API", "koffi", 0.8),
  ratio(CALLBACK, "nearfar, Node 26", "node:ffi, Node 26", 1),
  ratio(ASYNC, "nearfar", "koffi", 0.7),
  { cases: MAP, peer: "nearfar", against: "a loop in C", most: 2, how: "nanoseconds more" },
];

/** Each budget of the cases that were run: `{ title, peer, against, most, how, value, met }`. */
export function checkBudgets(results) {
  const byTitle = new Map(results.map(({ title, peers }) => [title, peers]));
  return [...BUDGETS.flatMap((budget) => checkOne(budget, byTitle)), ...sixAgainstOne(byTitle)];
}

function checkOne({ cases, ...budget }, byTitle) {
  return cases.flatMap((title) => {
    const own = byTitle.get(title)?.[budget.peer]?.nanoseconds;
    const other = byTitle.get(title)?.[budget.against]?.nanoseconds;
    if (own === undefined || (budget.against !== undefined && other === undefined)) return [];
    return [judge({ title, ...budget, value: combine(budget.how, own, other) })];
  });
}

function combine(how, value, other) {
  if (how === "nanoseconds") return value;
  return how === "ratio" ? value / other : value - other;
}

const judge = (budget) => ({ ...budget, met: budget.value <= budget.most });

/** A signature of six arguments costs what one of one argument does. */
function sixAgainstOne(byTitle) {
  const six = byTitle.get("int32 arguments: 6");
  const one = byTitle.get("int32 arguments: 1");
  return ["nearfar", "nearfar by Node-API"].flatMap((peer) => {
    if (six?.[peer]?.nanoseconds === undefined || one?.[peer]?.nanoseconds === undefined) return [];
    const value = six[peer].nanoseconds / one[peer].nanoseconds;
    const title = "six arguments";
    return [judge({ title, peer, against: "one argument", most: 1.3, how: "ratio", value })];
  });
}
