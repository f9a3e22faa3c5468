import { type Implementation, OWN_VALUES, ServedMethod } from "../call/index.js";
import { ArgumentError, ServiceError } from "../errors/index.js";
import type {
  ApiMode,
  Handler,
  Handlers,
  MethodDefinition,
  ServiceDefinition,
} from "../service/definition.js";
import type { QueuedFunction, ServiceHelpers } from "../service/isolated-functions.js";
import { type NativeFunction, resolveNative } from "../service/native-functions.js";
import { definitionOf, handlersOf, type ServiceSource } from "../service/service-source.js";

/** Which way a method goes, and why. */
export interface Route {
  /**
   * `aside`: the native function in a helper process. `none`: the definition allows only what the
   * client's mode excludes; calling it is an error.
   */
  readonly route: "near" | "aside" | "far" | "none";
  /** What the definition allows. */
  readonly api: ApiMode;
  /** In words. */
  readonly reason: string;
}

/** A method with its way found: for `near` and `aside` there is a native function. */
export interface ResolvedMethod {
  readonly definition: MethodDefinition;
  /** `Service.method`, for messages. */
  readonly label: string;
  readonly route: Route;
  readonly native: NativeFunction | undefined;
  /** The same on the pool of threads or in a helper process, where the definition asks for that. */
  readonly queued: QueuedFunction | undefined;
  /** Its handler in this process, where that is its way. */
  readonly local: ServedMethod | undefined;
}

/** What the ways of methods depend on, besides the definition. */
export interface Resolution {
  readonly mode: ApiMode;
  readonly transport: { readonly target: string } | undefined;
  readonly implementation: ServiceSource | undefined;
}

/**
 * Finds the way of every method, once. What the definition allows and what the client wants both
 * hold: a method goes near or far only where both say so. Throws UNAVAILABLE where a method that
 * the client wants has no way, and FAILED_PRECONDITION where the client wants none of them.
 */
export function resolveMethods(
  service: ServiceDefinition,
  resolution: Resolution,
  helpers: ServiceHelpers,
): ResolvedMethod[] {
  const { mode } = resolution;
  const handlers = implementationOf(service, resolution.implementation);
  const methods = Object.values(service.methods).map((method) =>
    resolveMethod(service, method, resolution, handlers.get(method.name), helpers),
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
  service: ServiceDefinition,
  definition: MethodDefinition,
  { mode, transport }: Resolution,
  handler: Handler | undefined,
  helpers: ServiceHelpers,
): ResolvedMethod {
  const { api } = definition;
  const label = `${service.name}.${definition.name}`;
  const found = (
    route: Route["route"],
    reason: string,
    ways: Partial<Pick<ResolvedMethod, "native" | "queued" | "local">> = {},
  ): ResolvedMethod => ({
    definition,
    label,
    route: { route, api, reason },
    native: ways.native,
    queued: ways.queued,
    local: ways.local,
  });

  if (mode !== "both" && api !== "both" && mode !== api) {
    return found("none", `its api is "${api}" and the client's mode is "${mode}"`);
  }
  const rule = api === "both" ? mode : api;
  const ruledBy = api === "both" ? "the client's mode" : "its api";
  if (rule === "http") {
    if (transport === undefined) {
      throw new ServiceError(
        "UNAVAILABLE",
        `${label} cannot be called: ${ruledBy} is "http" and the client has no baseUrl`,
      );
    }
    return found("far", `${ruledBy} is "http"`);
  }
  const native = resolveNative(definition, helpers);
  if (native.call !== undefined) {
    const queued = native.queued && { queued: native.queued.call };
    const route = native.isAside ? "aside" : "near";
    return found(route, native.reason, { native: native.call, ...queued });
  }
  if (handler !== undefined) {
    const local = new ServedMethod(service.name, definition, handler as Implementation, OWN_VALUES);
    return found("near", "handler in this process", { local });
  }
  if (rule === "ffi") {
    throw new ServiceError(
      "UNAVAILABLE",
      `${label} cannot be called: ${ruledBy} is "ffi" and ${native.reason}`,
    );
  }
  if (transport === undefined) {
    throw new ServiceError(
      "UNAVAILABLE",
      `${label} cannot be called: not near (${native.reason}), ` +
        "and not far (the client has no baseUrl)",
    );
  }
  return found("far", native.reason);
}

/** The handlers of the client's `implementation`, which must be one of this service. */
function implementationOf(
  { name }: ServiceDefinition,
  implementation: ServiceSource | undefined,
): Handlers {
  if (implementation === undefined) return new Map();
  const implemented = definitionOf(implementation).name;
  if (implemented === name) return handlersOf(implementation);
  throw new ArgumentError(`implementation must be one of ${name}, got one of ${implemented}`);
}
