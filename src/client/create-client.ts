import type { ApiMode } from "../service/definition.js";
import { ServiceHelpers } from "../service/isolated-functions.js";
import type { NativeFunction } from "../service/native-functions.js";
import { definitionOf, type MethodsOf, type ServiceSource } from "../service/service-source.js";
import type { CallHandle } from "./async-calls.js";
import { type ClientMethod, makeMethod, makeStarter } from "./client-methods.js";
import { FarSide } from "./far-side.js";
import {
  type CallOptions,
  type ClientOptions,
  type ClientSettings,
  checkCallOptions,
  resolveClientOptions,
} from "./options.js";
import { type ResolvedMethod, type Route, resolveMethods } from "./route.js";

/** A typed client: a function per method, arguments by position, and what `$` names. */
export type ServiceClient<S, Mode extends ApiMode = ApiMode> = PromiseMethods<MethodsOf<S>> &
  ClientMembers<S, Mode>;

export interface ClientMembers<S, Mode extends ApiMode> {
  /** Which way each method goes, and why. */
  readonly $routes: { readonly [K in keyof MethodsOf<S>]: Route };
  /**
   * The native functions of the methods that go near or aside: synchronous, with nothing added.
   * They throw what the call engine throws. With mode "ffi" all methods are here, but for those
   * that their definition binds to "http".
   */
  readonly $native: Mode extends "ffi"
    ? NativeMethods<MethodsOf<S>>
    : Partial<NativeMethods<MethodsOf<S>>>;
  /** The same methods, but for streams, begun without waiting for them. */
  readonly $async: AsyncMethods<MethodsOf<S>>;
  /**
   * Calls that travel as one request, each with an outcome of its own, in their order:
   * `client.$batch((calls) => [calls.get("a"), calls.get("b")])`.
   */
  $batch<const T extends readonly Promise<unknown>[]>(
    calls: (client: PromiseMethods<MethodsOf<S>>) => T,
  ): Promise<{ -readonly [K in keyof T]: PromiseSettledResult<Awaited<T[K]>> }>;
  /** The same client, with options for its calls. */
  $with(options: CallOptions): ServiceClient<S, Mode>;
  /**
   * Waits for far calls in flight, and those in helper processes, and closes their connections;
   * helper processes that no other client uses end. Near methods keep working.
   */
  $close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

type PromiseMethods<M> = {
  readonly [K in keyof M]: M[K] extends (...args: infer A) => infer R
    ? (...args: A) => ClientResult<R>
    : never;
};

type AsyncMethods<M> = {
  readonly [K in keyof M as M[K] extends (...args: never[]) => infer R
    ? [R] extends [never]
      ? K
      : [Awaited<R>] extends [AsyncIterable<unknown>]
        ? never
        : K
    : never]: M[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<CallHandle<Awaited<R>>>
    : never;
};

/** A promise; of a stream an async iterable, whose call begins when it is first read. */
type ClientResult<R> = [R] extends [never]
  ? Promise<never>
  : [Awaited<R>] extends [AsyncIterable<infer I>]
    ? AsyncIterableIterator<I>
    : Promise<Awaited<R>>;

type NativeMethods<M> = {
  readonly [K in keyof M]: M[K] extends (...args: infer A) => infer R
    ? (...args: A) => Awaited<R>
    : never;
};

/**
 * Makes a client of a service: each method is resolved here, once, to a native function of this
 * process or of a helper process, or to calls of a server. Throws an ArgumentError for a bad
 * option, and a ServiceError UNAVAILABLE where a method has no way to run.
 */
export function createClient<S extends ServiceSource, const Mode extends ApiMode = "both">(
  source: S,
  options: ClientOptions & { readonly mode?: Mode } = {},
): ServiceClient<S, Mode> {
  const definition = definitionOf(source);
  const settings = resolveClientOptions(options);
  const helpers = new ServiceHelpers(definition);
  const { transport } = settings;
  const far = transport && new FarSide(definition.name, transport, settings);
  const common: Common = { settings, far, helpers };
  try {
    const methods = resolveMethods(definition, settings, helpers);
    return assemble(methods, common, {}) as ServiceClient<S, Mode>;
  } catch (error) {
    void helpers.close();
    throw error;
  }
}

/** What all methods of a client share. */
interface Common {
  readonly settings: ClientSettings;
  readonly far: FarSide | undefined;
  readonly helpers: ServiceHelpers;
}

function assemble(
  methods: readonly ResolvedMethod[],
  common: Common,
  options: CallOptions,
): object {
  const { far, settings } = common;
  const functions: Record<string, ClientMethod> = {};
  const $native: Record<string, NativeFunction> = {};
  for (const method of methods) {
    const { name } = method.definition;
    functions[name] = makeMethod(method, far, options, settings.timeoutMs);
    if (method.native !== undefined) $native[name] = method.native;
  }
  const close = (): Promise<void> => closeAll(common);
  const client = {
    ...functions,
    $batch: (calls: Calls) => callTogether(calls, methods, common, options),
    $native,
    $with: (more: CallOptions) => assemble(methods, common, withMore(options, more)),
    $close: close,
    [Symbol.asyncDispose]: close,
  };
  Object.defineProperty(client, SELDOM, { value: { methods, far, options } satisfies Seldom });
  Object.defineProperty(client, "$async", ASYNC);
  return Object.defineProperty(client, "$routes", ROUTES);
}

/** What few clients are asked for: made when they first are. */
interface Seldom {
  readonly methods: readonly ResolvedMethod[];
  readonly far: FarSide | undefined;
  readonly options: CallOptions;
  starters?: object;
  routes?: object;
}

const SELDOM = Symbol("seldom");

interface AnyClient {
  readonly [SELDOM]: Seldom;
}

/**
 * All clients have the same two functions as getters. Had each its own, V8 would make a dictionary
 * of every client but the first, and to find `$native` in that takes 7 ns more.
 */
const ASYNC = seldomMade("starters", makeStarters);
const ROUTES = seldomMade("routes", routesOf);

function seldomMade(
  key: "starters" | "routes",
  make: (seldom: Seldom) => object,
): PropertyDescriptor & ThisType<AnyClient> {
  return {
    get() {
      const seldom = this[SELDOM];
      seldom[key] ??= make(seldom);
      return seldom[key];
    },
    enumerable: true,
    configurable: true,
  };
}

type Calls = (client: object) => readonly Promise<unknown>[];

function callTogether(
  calls: Calls,
  methods: readonly ResolvedMethod[],
  { far, ...common }: Common,
  options: CallOptions,
): Promise<readonly PromiseSettledResult<unknown>[]> {
  const client = assemble(methods, { ...common, far: far?.together() }, options);
  return Promise.allSettled(calls(client));
}

async function closeAll({ settings, helpers }: Common): Promise<void> {
  const transport = settings.ownsTransport ? settings.transport : undefined;
  await Promise.all([transport?.close(), helpers.close()]);
}

function routesOf({ methods }: Seldom): object {
  return Object.fromEntries(methods.map((item) => [nameOf(item), item.route]));
}

/** The methods that can be begun without waiting for them. */
function makeStarters({ methods, far, options }: Seldom): object {
  const starters = methods.filter(({ definition }) => definition.stream === undefined);
  return Object.fromEntries(
    starters.map((item) => [nameOf(item), makeStarter(item, far, options)]),
  );
}

function withMore(options: CallOptions, more: CallOptions): CallOptions {
  checkCallOptions(more);
  // A method puts its headers together when it is first called: the caller's object may change.
  const headers = more.headers && { ...more.headers };
  return { ...options, ...more, ...(headers !== undefined && { headers }) };
}

function nameOf({ definition }: ResolvedMethod): string {
  return definition.name;
}
