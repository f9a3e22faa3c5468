import { type Implementation, OWN_VALUES, ServedMethod } from "../call/index.js";
import { ArgumentError, ServiceError } from "../errors/index.js";
import type {
  ApiMode,
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
  const { mode, implementation } = resolution;
  const handlers = implementation && implementationOf(service, implementation);
  const search: Search = { service, resolution, helpers, handlers };
  const methods: ResolvedMethod[] = [];
  let isUsable = false;
  for (const definition of Object.values(service.methods)) {
    const method = resolveMethod(definition, search);
    if (method.route.route !== "none") isUsable = true;
    methods.push(method);
  }
  if (isUsable) return methods;
  throw new ServiceError(
    "FAILED_PRECONDITION",
    `mode "${mode}" excludes every method of ${service.name}, whose api is "${service.api}"`,
  );
}

/** What is the same for all methods. */
interface Search {
  readonly service: ServiceDefinition;
  readonly resolution: Resolution;
  readonly helpers: ServiceHelpers;
  readonly handlers: Handlers | undefined;
}

function resolveMethod(definition: MethodDefinition, search: Search): ResolvedMethod {
  const { api } = definition;
  const { mode, transport } = search.resolution;
  if (mode !== "both" && api !== "both" && mode !== api) {
    const reason = `its api is "${api}" and the client's mode is "${mode}"`;
    return resolved(search, definition, "none", reason);
  }
  if (api !== "http" && mode !== "http") return resolveNear(definition, search);
  const reason = `${rulerOf(api)} is "http"`;
  if (transport !== undefined) return resolved(search, definition, "far", reason);
  throw unavailable(search, definition, `${reason} and the client has no baseUrl`);
}

/** A method that may go near, and far too unless both say "ffi". */
function resolveNear(definition: MethodDefinition, search: Search): ResolvedMethod {
  const { api } = definition;
  const { mode, transport } = search.resolution;
  const native = resolveNative(definition, search.helpers);
  if (native.call !== undefined) {
    const queued = native.queued && { queued: native.queued.call };
    const route = native.isAside ? "aside" : "near";
    return resolved(search, definition, route, native.reason, { native: native.call, ...queued });
  }
  const handler = search.handlers?.get(definition.name);
  if (handler !== undefined) {
    const { name } = search.service;
    const local = new ServedMethod(name, definition, handler as Implementation, OWN_VALUES);
    return resolved(search, definition, "near", "handler in this process", { local });
  }
  if (api === "ffi" || mode === "ffi") {
    throw unavailable(search, definition, `${rulerOf(api)} is "ffi" and ${native.reason}`);
  }
  if (transport !== undefined) return resolved(search, definition, "far", native.reason);
  const problem = `not near (${native.reason}), and not far (the client has no baseUrl)`;
  throw unavailable(search, definition, problem);
}

/** What decides between the ways. */
function rulerOf(api: ApiMode): string {
  return api === "both" ? "the client's mode" : "its api";
}

function resolved(
  { service }: Search,
  definition: MethodDefinition,
  route: Route["route"],
  reason: string,
  ways?: Partial<Pick<ResolvedMethod, "native" | "queued" | "local">>,
): ResolvedMethod {
  return {
    definition,
    label: `${service.name}.${definition.name}`,
    route: { route, api: definition.api, reason },
    native: ways?.native,
    queued: ways?.queued,
    local: ways?.local,
  };
}

function unavailable(
  { service }: Search,
  { name }: MethodDefinition,
  problem: string,
): ServiceError {
  return new ServiceError("UNAVAILABLE", `${service.name}.${name} cannot be called: ${problem}`);
}

/** The handlers of the client's `implementation`, which must be one of this service. */
function implementationOf({ name }: ServiceDefinition, implementation: ServiceSource): Handlers {
  const implemented = definitionOf(implementation).name;
  if (implemented === name) return handlersOf(implementation);
  throw new ArgumentError(`implementation must be one of ${name}, got one of ${implemented}`);
}
