import type { Isolate } from "../ffi/isolate/isolate.js";
import type { IsolateOptions } from "../ffi/isolate/options.js";
import type { JsonSchema } from "./schema/json-schema.js";

/** Where a method may run: in the caller's process, on a server, or either. */
export type ApiMode = "ffi" | "http" | "both";

/** Whom a service asks its callers to trust. Declared data, for policies and registries. */
export type TrustLevel = "hybrid" | "centralized" | "decentralized" | "trustless";

/** A shared library by platform; a platform that is missing has no native path. */
export interface LibraryByPlatform {
  readonly linux?: string;
  readonly darwin?: string;
  readonly win32?: string;
}

/**
 * Whether a function is called in a helper process, which a crash ends instead of this one: with
 * true or options in one that the methods of its service in the same library share, or in those of
 * an Isolate. Stored as text or JSON, an Isolate is the options it was made with.
 */
export type Isolation = boolean | IsolateOptions | Isolate;

/** A function of a shared library, by its C prototype. */
export interface CFunctionBinding {
  readonly library: string | LibraryByPlatform;
  readonly declaration: string;
  /**
   * Its calls run on the pool of native threads, several at a time, and the event loop goes on; one
   * that waits for its turn there leaves when it is cancelled or too late. For functions that are
   * thread-safe and take long. With `isolate` it says nothing new.
   */
  readonly async?: true;
  /**
   * For functions of a library that is not thread-safe: with `async`, its calls are made one at a
   * time, in order, those of all functions of the library that are declared so. Calls from other
   * threads of JavaScript, and synchronous ones, do not wait. With `isolate` it says nothing new.
   */
  readonly serialize?: true;
  /** Default: false, in the caller's process. */
  readonly isolate?: Isolation;
}

/** A function of a native library that is part of this package, such as `nearfar:crypto`. */
export interface BuiltInBinding {
  readonly library: `nearfar:${string}`;
  readonly symbol: string;
}

export type NativeBinding = CFunctionBinding | BuiltInBinding;

export interface ParameterDefinition {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly optional: boolean;
}

/** Who sends items one after the other: the server, the client, or both. */
export type StreamKind = "server" | "client" | "bidirectional";

/** One method, as data. */
export interface MethodDefinition {
  readonly name: string;
  /** The method's own `api`, or else its service's. */
  readonly api: ApiMode;
  readonly parameters: readonly ParameterDefinition[];
  /** Of each item, where the server streams. */
  readonly result: JsonSchema;
  /** Absent for a call of one request and one answer. */
  readonly stream?: StreamKind;
  /** What the client streams: the last argument, after `parameters`. */
  readonly items?: { readonly name: string; readonly schema: JsonSchema };
  /** Its handler can go on after an item that it is told; see `CallContext.resumeAfter`. */
  readonly resumable?: true;
  readonly native?: NativeBinding;
  /** Calling it twice has the effect of calling it once, so a failed call may be repeated. */
  readonly idempotent: boolean;
  /**
   * A secret, such as a private key, is among its arguments or results: it does not cross a network
   * in clear text unless client and server say so.
   */
  readonly confidential?: true;
  /** The method's own deadline; a client's default otherwise. */
  readonly timeoutMs?: number;
  readonly description?: string;
}

/** A service as plain data: what clients, routes, validation and documentation derive from. */
export interface ServiceDefinition {
  readonly name: string;
  readonly version: string;
  readonly api: ApiMode;
  readonly trust: TrustLevel;
  readonly methods: Readonly<Record<string, MethodDefinition>>;
}

/** What answers a method on the server. Handlers live beside the definition, not in it. */
export type Handler = (...args: never[]) => unknown;

export type Handlers = ReadonlyMap<string, Handler>;

/**
 * What answers a body of raw bytes, which stand for the first argument, as they arrive. The other
 * arguments follow.
 */
export type UploadHandler = (body: AsyncIterable<Uint8Array>, ...args: never[]) => unknown;

export const API_MODES = ["ffi", "http", "both"] as const satisfies readonly ApiMode[];

export const TRUST_LEVELS = [
  "hybrid",
  "centralized",
  "decentralized",
  "trustless",
] as const satisfies readonly TrustLevel[];

/** The longest delay a Node timer keeps: 2^31 - 1 ms; a longer one would fire at once. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export function isCFunction(binding: NativeBinding): binding is CFunctionBinding {
  return Object.hasOwn(binding, "declaration");
}
