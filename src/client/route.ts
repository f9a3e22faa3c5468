import { ServiceError } from "../errors/index.js";
import type { ApiMode, MethodDefinition, ServiceDefinition } from "../service/definition.js";
import { type NativeFunction, resolveNative } from "../service/native-functions.js";

/** Which way a method goes, and why. */
export interface Route {
  /** `none`: the definition allows only what the client's mode excludes; calling it is an error. */
  readonly route: "near" | "far" | "none";
  /** What the definition allows. */
  readonly api: ApiMode;
  /** In words. */
  readonly reason: string;
}

/** A method with its way found: for `near` there is a native function. */
export interface ResolvedMethod {
  readonly definition: MethodDefinition;
  /** `Service.method`, for messages. */
  readonly label: string;
  readonly route: Route;
  readonly native: NativeFunction | undefined;
}

/**
 * Finds the way of every method, once. What the definition allows and what the client wants both
 * hold: a method goes near or far only where both say so. Throws UNAVAILABLE where a method that
 * the client wants has no way, and FAILED_PRECONDITION where the client wants none of them.
 */
export function resolveMethods(
  service: ServiceDefinition,
  mode: ApiMode,
  target: string | undefined,
): ResolvedMethod[] {
  const methods = Object.values(service.methods).map((method) =>
    resolveMethod(`${service.name}.${method.name}`, method, mode, target),
  );
  if (methods.every(({ route }) => route.route === "none")) {
    throw new ServiceError(
      "FAILED_PRECONDITION",
      `mode "${mode}" excludes every method of ${service.name}, whose api is "${service.api}"`,
    );
  }
  return methods;
}

function resolveMethod(
  label: string,
  definition: MethodDefinition,
  mode: ApiMode,
  target: string | undefined,
): ResolvedMethod {
  const { api } = definition;
  const found = (
    route: Route["route"],
    reason: string,
    native?: NativeFunction,
  ): ResolvedMethod => ({ definition, label, route: { route, api, reason }, native });

  if (mode !== "both" && api !== "both" && mode !== api) {
    return found("none", `its api is "${api}" and the client's mode is "${mode}"`);
  }
  const rule = api === "both" ? mode : api;
  const ruledBy = api === "both" ? "the client's mode" : "its api";
  if (rule === "http") {
    if (target === undefined) {
      throw new ServiceError(
        "UNAVAILABLE",
        `${label} cannot be called: ${ruledBy} is "http" and the client has no baseUrl`,
      );
    }
    return found("far", `${ruledBy} is "http"`);
  }
  const native = resolveNative(definition);
  if (native.call !== undefined) return found("near", native.reason, native.call);
  if (rule === "ffi") {
    throw new ServiceError(
      "UNAVAILABLE",
      `${label} cannot be called: ${ruledBy} is "ffi" and ${native.reason}`,
    );
  }
  if (target === undefined) {
    throw new ServiceError(
      "UNAVAILABLE",
      `${label} cannot be called: not near (${native.reason}), ` +
        "and not far (the client has no baseUrl)",
    );
  }
  return found("far", native.reason);
}
