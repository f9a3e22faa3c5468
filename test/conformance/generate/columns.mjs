// Columns for a vector call: a value for each row, or one for all.
import { chance } from "./random.mjs";
import { Writer } from "./tape.mjs";

const ROWS = 3;

/** Whether `map` takes the signature: it gives a number, and C leaves nothing in memory. */
export function canMap({ result, parameters, fixed, hasErrno, convention }) {
  if (hasErrno || fixed !== undefined || convention !== undefined) return false;
  if (!["void", "scalar", "enum"].includes(result.kind) || result.name === "long double")
    return false;
  return parameters.every(({ kind }) => ["scalar", "enum", "aggregate", "text"].includes(kind));
}

/** Prepares a vector call: its columns, what C should record, and the results. */
export function mapColumns(context, each) {
  const { values, tapes } = context;
  const made = each.parameters.map((type) => makeColumn(context, type));
  const hasColumn = made.some(({ isColumn }) => isColumn);
  // With constants only, the length of `out` says how many rows there are.
  const out = hasColumn ? undefined : outFor(context, each.result);
  const rows = hasColumn || out !== undefined ? ROWS : 0;
  const script = new Writer();
  const record = new Writer();
  const results = [];
  for (let row = 0; row < rows; row++) {
    for (const [index, { list }] of made.entries()) {
      values.see(record, script, each.parameters[index], list[row], `a${index} of row ${row}`);
    }
    if (each.result.kind === "void") continue;
    results.push(values.make(each.result));
    values.take(script, each.result, results[row], `result ${row}`);
  }
  return {
    arguments: [made.map(({ argument }) => argument), ...(out === undefined ? [] : [out])],
    load() {
      tapes.script.load(script.bytes);
      tapes.record.load(new Uint8Array(0));
    },
    verify(actual) {
      const wrong = results.map((value, row) => {
        const element = actual?.[row];
        const isFlag = typeof value === "boolean";
        return values.mismatch(
          each.result,
          value,
          isFlag ? element === 1 : exact(value, element),
          `result ${row}`,
        );
      });
      return [record.difference(tapes.record.bytes), ...wrong].filter(Boolean);
    },
  };
}

/** A column of `size_t` has bigints. */
function exact(value, element) {
  return typeof value === "number" && typeof element === "bigint" ? Number(element) : element;
}

function makeColumn(context, type) {
  const { values } = context;
  const kind = values.kindOf(type);
  const canVary =
    type.kind === "aggregate" ? !context.isByReference(type) : kind?.Column !== undefined;
  if (canVary && chance(values.random, 0.8)) {
    const list = Array.from({ length: ROWS }, () => values.make(type));
    const isAggregate = type.kind === "aggregate";
    const argument = isAggregate ? context.image(type, list) : columnOf(kind, type, list);
    return { list, argument, isColumn: true };
  }
  let value = values.make(type);
  if (type.kind === "text") value ??= "";
  const argument = values.present(type, value);
  return { list: Array(ROWS).fill(value), argument, isColumn: false };
}

function outFor({ values }, result) {
  if (result.kind === "void") return undefined;
  return columnOf(values.kindOf(result), result, Array(ROWS).fill(0));
}

function columnOf({ Column, isBig }, type, list) {
  if (type.name === "size_t") return BigUint64Array.from(list, BigInt);
  return isBig ? Column.from(list, BigInt) : Column.from(list, Number);
}
