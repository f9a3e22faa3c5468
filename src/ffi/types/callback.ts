import { ArgumentError, describeValue } from "../../errors/index.js";
import { requireKnownOptions } from "../../internal/options.js";
import type { CType, FunctionType } from "./ctype.js";
import type { CallbackOf, CallbackSignature } from "./static-types.js";
import { resolveComplete, resolveType } from "./type-names.js";
import { decay, makeType } from "./type-object.js";

/**
 * A pointer to a function, for parameters and fields that take one:
 * `callback({ arguments: [pointer("int"), pointer("int")], return: "int" })`.
 */
export function callback<const S extends CallbackSignature>(signature: S): CallbackOf<S> {
  requireKnownOptions(signature, ["arguments", "return"], "signature of a callback");
  const { arguments: list = [], return: result = "void" } = signature as CallbackSignature;
  if (!Array.isArray(list)) {
    throw new ArgumentError(
      `arguments of a callback must be an array, got ${describeValue(list)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const parameters = list.map((spec: unknown, index) => {
    const where = `argument ${index + 1} of a callback`;
    return { name: undefined, type: decay(resolveComplete(spec, where)) };
  });
  const made = functionType(resolveType(result, "return type of a callback"), parameters, false);
  return made as CallbackOf<S>;
}

/** A pointer to a function of these types, which are complete; arrays have become pointers. */
export function functionType(
  result: CType,
  parameters: FunctionType["parameters"],
  isVariadic: boolean,
): FunctionType {
  const list = parameters.map(({ type }) => type);
  const ellipsis = isVariadic ? ["..."] : [];
  const keys = [...list.map(({ key }) => key), ...ellipsis].join(",");
  return makeType<FunctionType>({
    kind: "function",
    get name() {
      const names = [...list.map(({ name }) => name), ...ellipsis].join(", ");
      return `${result.name} (*)(${names || "void"})`;
    },
    key: `f${result.key}(${keys})`,
    size: 8,
    alignment: 8,
    result,
    parameters: Object.freeze(parameters.map((parameter) => Object.freeze(parameter))),
    isVariadic,
  });
}
