import { ArgumentError, describeValue } from "../../errors/index.js";
import {
  requireBoolean,
  requireInteger,
  requireKnownOptions,
  requireOneOf,
} from "../../internal/options.js";
import { type SandboxOptions, sandboxFlags } from "./sandbox.js";

/** How a helper process is run. */
export interface IsolateOptions {
  /**
   * How long a call may take before its helper is killed, in milliseconds: the call fails with
   * `ERR_ISOLATE_TIMEOUT`. Default: 0, no limit.
   */
  readonly timeoutMs?: number;
  /** How long a library may take to load, in milliseconds. Default: 10,000. */
  readonly loadTimeoutMs?: number;
  /**
   * Helper processes that share the work. With more than one, each call goes to the one with the
   * fewest calls in progress, so that they run at the same time and in no order. Default: 1.
   */
  readonly processes?: number;
  /**
   * Memory shared with the helpers, for what arguments point to, in bytes; a power of two from 1
   * MiB to 4 GiB. It takes up room only as it is used. Default: 64 MiB.
   */
  readonly sharedBytes?: number;
  /**
   * How often in a row a helper may end without a single call that succeeded before it is not
   * started again. Default: 10.
   */
  readonly maxRestarts?: number;
  /**
   * How long to wait before a helper is started again that ended without a successful call, in
   * milliseconds: twice as long each time, up to 5 s. Default: 10.
   */
  readonly restartDelayMs?: number;
  /**
   * Calls that had not begun when their helper ended, because they waited for their turn, are made
   * by the next one, once. What the library had in memory is gone by then. Default: false, they
   * fail with `ERR_ISOLATE_ENDED`. A call that had begun is repeated only of a function that is
   * declared `idempotent`.
   */
  readonly repeatWaiting?: boolean;
  /**
   * How calls reach the helpers: `memory` is shared memory, `socket` a socket that all memory of a
   * call is copied over, for where memory cannot be shared. Default: `auto`, memory if possible.
   */
  readonly channel?: "auto" | "memory" | "socket";
  /** What the helpers may do. Default: what the user may, within limits of memory and time. */
  readonly sandbox?: SandboxOptions;
}

type NumberOptions = Omit<Required<IsolateOptions>, "sandbox" | "repeatWaiting" | "channel">;

/** The same with every value filled in. */
export interface ResolvedIsolateOptions extends NumberOptions {
  /** Flags of the helper's sandbox. */
  readonly flags: readonly string[];
  readonly repeatWaiting: boolean;
  readonly channel: (typeof CHANNELS)[number];
}

const CHANNELS = ["auto", "memory", "socket"] as const;
const MIB = 1024 * 1024;
const MOST_MS = 0x7fff_ffff;

const LIMITS = {
  timeoutMs: { least: 0, most: MOST_MS, value: 0 },
  loadTimeoutMs: { least: 1, most: MOST_MS, value: 10_000 },
  processes: { least: 1, most: 64, value: 1 },
  sharedBytes: { least: MIB, most: 4096 * MIB, value: 64 * MIB },
  maxRestarts: { least: 0, most: MOST_MS, value: 10 },
  restartDelayMs: { least: 0, most: MOST_MS, value: 10 },
} as const satisfies Record<keyof NumberOptions, Limit>;

interface Limit {
  readonly least: number;
  readonly most: number;
  readonly value: number;
}

/** Checks options and fills in the defaults. */
export function resolveIsolateOptions(
  options: IsolateOptions,
  where = "options.isolate",
): ResolvedIsolateOptions {
  const names = Object.keys(LIMITS) as (keyof NumberOptions)[];
  requireKnownOptions(options, [...names, "repeatWaiting", "channel", "sandbox"], where);
  const resolved = Object.fromEntries(
    names.map((name) => {
      const { least, most, value } = LIMITS[name];
      const given: unknown = options[name] ?? value;
      requireInteger(given, `${where}.${name}`, least, most);
      return [name, given];
    }),
  ) as unknown as NumberOptions;
  if (!Number.isInteger(Math.log2(resolved.sharedBytes))) {
    throw new ArgumentError(
      `${where}.sharedBytes must be a power of two, got ${describeValue(options.sharedBytes)}`,
    );
  }
  const { sandbox = {}, repeatWaiting = false, channel = "auto" } = options;
  requireBoolean(repeatWaiting, `${where}.repeatWaiting`);
  requireOneOf(channel, `${where}.channel`, CHANNELS);
  const flags = sandboxFlags(sandbox, resolved.sharedBytes, `${where}.sandbox`);
  return { ...resolved, flags, repeatWaiting, channel };
}
