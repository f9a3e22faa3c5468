import type { Argument, ScalarArgument } from "./marshaller.js";
import { acceptSource } from "./scalar-source.js";

/*
 * The source text for all scalar arguments of a call together: one condition, because a refusal of
 * each would make up most of the bytecode.
 */

export function scalarsOf(list: readonly Argument[]): ScalarArgument[] {
  return list.filter((argument): argument is ScalarArgument => argument.how === "scalar");
}

/** Statements that store the arguments, or refuse one. */
export function scalarsSource(list: readonly ScalarArgument[]): string {
  if (list.length === 0) return "";
  const refused = `refuse(refusals, ${namesOf(list).join(", ")});`;
  return `${membersSource(list)} if (!(${acceptedSource(list)})) ${refused}`;
}

/** Statements that put numbers in the place of an enumeration's names. */
export function membersSource(list: readonly ScalarArgument[]): string {
  return list
    .filter(({ members }) => members !== undefined)
    .map(({ index }) => {
      const a = `a${index}`;
      return `if (typeof ${a} === "string") ${a} = members${index}[${a}] ?? ${a};`;
    })
    .join("\n");
}

/** An expression: whether all are accepted, and stored. */
export function acceptedSource(list: readonly ScalarArgument[]): string {
  const accepted = list.map((argument) => acceptSource(`a${argument.index}`, argument));
  return accepted.join("\n&& ") || "true";
}

/** `refuse`, which refuses the first of them that is not accepted. */
export function refuseSource(list: readonly ScalarArgument[]): string {
  if (list.length === 0) return "";
  const checks = list.map((argument) => {
    const a = `a${argument.index}`;
    return `if (!(${acceptSource(a, argument)})) refusals.argument(${argument.index}, ${a});`;
  });
  return `const refuse = (refusals, ${namesOf(list).join(", ")}) => {
const words = i32; ${checks.join("\n")} };`;
}

function namesOf(list: readonly ScalarArgument[]): string[] {
  return list.map(({ index }) => `a${index}`);
}
