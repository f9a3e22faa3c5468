import { ArgumentError, describeValue } from "../errors/index.js";
import { requireKnownOptions, requireOneOf, requireString } from "../internal/options.js";
import {
  METHOD_OPTION_NAMES,
  type MethodOptions,
  makeMethod,
  requireName,
} from "./define-method.js";
import {
  API_MODES,
  type ApiMode,
  type BuiltInBinding,
  type CFunctionBinding,
  type Handler,
  type Handlers,
  type MethodDefinition,
  type ServiceDefinition,
  TRUST_LEVELS,
  type TrustLevel,
  type UploadHandler,
} from "./definition.js";
import type { MethodFunction, MethodHandler, Methods, MethodUpload } from "./method-types.js";

declare const METHODS: unique symbol;

/** A service that is ready to be called or served: its definition, and its handlers beside it. */
export class DefinedService<M = Methods> {
  /** The types of the methods; at compile time only. */
  declare readonly [METHODS]?: M;

  constructor(
    readonly definition: ServiceDefinition,
    readonly handlers: Handlers,
    readonly uploads: ReadonlyMap<string, UploadHandler> = new Map(),
  ) {}

  /** The definition is the part that can be stored and sent. */
  toJSON(): ServiceDefinition {
    return this.definition;
  }
}

/** The methods of a DefinedService. */
export type MethodsOfDefined<S> = S extends { readonly [METHODS]?: infer M } ? M : never;

export interface ServiceHead {
  /** Letters, digits and `_`; the `<Service>` of `POST /api/<Service>/<method>`. */
  readonly name: string;
  /** Default "1.0.0". */
  readonly version?: string;
  /** Where its methods may run, unless they say otherwise. Default "both". */
  readonly api?: ApiMode;
  /** Default "hybrid". */
  readonly trust?: TrustLevel;
}

/**
 * `P`, `R` and `D` hold, by method, the parameters, the result and the C declaration. Three mapped
 * types over the same object are what lets TypeScript infer all three. Nothing is inferred from the
 * fourth: TypeScript before 5.7 would otherwise fix a handler's parameters, as `never`, before it
 * knows the three.
 */
export interface ServiceOptions<P, R, D> extends ServiceHead {
  readonly methods: {
    readonly [K in keyof P]: Omit<MethodOptions, "parameters" | "native"> & {
      /** In the order of positional arguments; made with `t.param`. */
      readonly parameters?: P[K];
    };
  } & {
    readonly [K in keyof R]: { readonly result?: R[K] };
  } & {
    readonly [K in keyof D]: {
      readonly native?:
        | (Omit<CFunctionBinding, "declaration"> & { readonly declaration: D[K] })
        | BuiltInBinding;
    };
  } & NoInfer<{
      readonly [K in keyof P]: MethodImplementation<P[K], At<R, K>, At<D, K>>;
    }>;
}

/** What runs a method. */
export interface MethodImplementation<P, R, D> {
  /** What answers it where no native function does: on a server. */
  readonly handler?: MethodHandler<P, R, D>;
  /**
   * What answers a body of `application/octet-stream`, which stands for the first parameter, as it
   * arrives, so that data of any size can be sent; the other parameters are in the query.
   */
  readonly upload?: MethodUpload<P, R>;
}

type At<T, K> = K extends keyof T ? T[K] : unknown;

/** The methods that ServiceOptions describe. */
export type DefinedMethods<P, R, D> = {
  readonly [K in keyof P]: MethodFunction<P[K], At<R, K>, At<D, K>>;
};

/**
 * Defines a service from plain options. Types of handlers and clients follow from the schemas, or
 * from the C declarations where no schemas are given. Throws an ArgumentError that names a bad
 * option.
 */
export function defineService<
  const P extends Record<string, unknown>,
  R extends Record<string, unknown>,
  const D extends Record<string, unknown>,
>(options: ServiceOptions<P, R, D>): DefinedService<DefinedMethods<P, R, D>> {
  requireKnownOptions(options, ["name", "version", "api", "trust", "methods"], "service");
  // The mapped types are for inference; what was passed is checked below, whatever its type.
  const methods = options.methods as unknown as Readonly<
    Record<string, MethodOptions & Implementations>
  >;
  requireMethods(options.name, methods);
  const handlers = new Map<string, Handler>();
  const uploads = new Map<string, UploadHandler>();
  for (const [name, method] of Object.entries(methods)) {
    const label = `${options.name}.${name}`;
    requireKnownOptions(method, KNOWN_OPTIONS, `method ${label}`);
    const { handler, upload } = method;
    if (handler !== undefined) handlers.set(name, requireFunction(handler, `handler of ${label}`));
    if (upload === undefined) continue;
    uploads.set(name, requireFunction(upload, `upload of ${label}`));
    if ((method.parameters ?? []).length === 0) {
      throw new ArgumentError(
        `upload of ${label} needs a first parameter, for which the body stands`,
      );
    }
  }
  return new DefinedService(makeDefinition(options, methods), handlers, uploads);
}

const KNOWN_OPTIONS: readonly string[] = [...METHOD_OPTION_NAMES, "handler", "upload"];

interface Implementations {
  readonly handler?: Handler;
  readonly upload?: UploadHandler;
}

function requireFunction<F>(value: F, what: string): F {
  if (typeof value === "function") return value;
  throw new ArgumentError(`${what} must be a function, got ${describeValue(value)}`);
}

/** Checks a service's own options and those of its methods, and fills in the defaults. */
export function makeDefinition(
  head: ServiceHead,
  methods: Readonly<Record<string, MethodOptions>>,
): ServiceDefinition {
  const { name, version = "1.0.0", api = "both", trust = "hybrid" } = head;
  requireName(name, "service name");
  requireString(version, `version of ${name}`);
  requireOneOf(api, `api of ${name}`, API_MODES);
  requireOneOf(trust, `trust of ${name}`, TRUST_LEVELS);
  requireMethods(name, methods);
  const made: Record<string, MethodDefinition> = {};
  for (const [method, options] of Object.entries(methods)) {
    made[method] = makeMethod(`${name}.${method}`, method, options, api);
  }
  return { name, version, api, trust, methods: made };
}

function requireMethods(name: unknown, methods: unknown): asserts methods is object {
  const isObject = typeof methods === "object" && methods !== null;
  if (isObject && Object.keys(methods).length > 0) return;
  const got = isObject ? "none" : describeValue(methods);
  throw new ArgumentError(`methods of ${String(name)} must hold at least one method, got ${got}`);
}
