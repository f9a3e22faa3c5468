import { ArgumentError, describeValue } from "../../errors/index.js";
import { requireInteger, requireKnownOptions, requireOneOf } from "../../internal/options.js";

/** What a helper may do besides computing. */
export interface SandboxOptions {
  /**
   * From the first call on: `compute` allows memory and time only, `read-only` besides that reading
   * the paths of `readable`, `network` connections to hosts. Libraries have to be loaded before the
   * first call, then. Default: `none`, whatever the user may do.
   */
  readonly profile?: "none" | "compute" | "read-only" | "network";
  /** Files and folders that may be read. */
  readonly readable?: readonly string[];
  /**
   * Who the helpers are to the system: they have the rights of that user and group, and no other
   * groups. Takes root, or CAP_SETUID and CAP_SETGID; anybody else gets `ERR_ISOLATE_UNAVAILABLE`.
   * Default: the user of this process.
   */
  readonly user?: SandboxUser;
  /** Resources of each process. Beyond them calls fail, or the process ends. */
  readonly limits?: SandboxLimits;
}

/** A user by numbers: names are the business of each system. */
export interface SandboxUser {
  readonly uid: number;
  readonly gid: number;
}

/** `"none"` leaves a resource as it is in this process. */
export interface SandboxLimits {
  /**
   * Bytes of address space, memory that is shared with this process not counted. Default: 1 GiB.
   */
  readonly memory?: number | "none";
  /** Seconds of processor time in all. Default: 3600. */
  readonly cpu?: number | "none";
  /** Files open at a time. Default: 256. */
  readonly files?: number | "none";
  /** Processes and threads of the user. Default: 4096. */
  readonly processes?: number | "none";
  /** Bytes of a file that is written. Default: 64 MiB. */
  readonly fileSize?: number | "none";
  /** Bytes of a core dump. Default: 0. */
  readonly core?: number | "none";
}

/** The number above means "leave it" to the system. */
const MOST_ID = 2 ** 32 - 2;

const PROFILES = ["none", "compute", "read-only", "network"] as const;

/** As the helper's option --limit calls them, and those that this side knows the default of. */
const LIMITS = {
  memory: { word: "memory", value: 1024 * 1024 * 1024 },
  cpu: { word: "cpu", value: undefined },
  files: { word: "files", value: undefined },
  processes: { word: "processes", value: undefined },
  fileSize: { word: "file-size", value: undefined },
  core: { word: "core", value: undefined },
} as const satisfies Record<keyof SandboxLimits, { word: string; value: number | undefined }>;

/** Checks the options and gives the flags of the helper for them. */
export function sandboxFlags(
  options: SandboxOptions,
  sharedBytes: number,
  where: string,
): readonly string[] {
  requireKnownOptions(options, ["profile", "readable", "user", "limits"], where);
  const { profile = "none", readable = [], user, limits = {} } = options;
  requireOneOf(profile, `${where}.profile`, PROFILES);
  if (!Array.isArray(readable) || !readable.every(isPath)) {
    throw new ArgumentError(
      `${where}.readable must be an array of paths, got ${describeValue(readable)}`,
    );
  }
  requireKnownOptions(limits, Object.keys(LIMITS), `${where}.limits`);
  const names = Object.keys(LIMITS) as (keyof SandboxLimits)[];
  const set = names.flatMap((name) => {
    const { word, value } = LIMITS[name];
    const limit: unknown = limits[name] ?? value;
    if (limit === undefined) return [];
    if (limit === "none") return [`${word}=none`];
    requireInteger(limit, `${where}.limits.${name}`, 0, Number.MAX_SAFE_INTEGER - sharedBytes);
    return [`${word}=${name === "memory" ? limit + sharedBytes : limit}`];
  });
  const paths = readable.flatMap((path: string) => ["--allow-read", path]);
  const users = user === undefined ? [] : ["--user", userWord(user, `${where}.user`)];
  return ["--sandbox", profile, ...paths, ...users, "--limit", set.join(",")];
}

function userWord(user: SandboxUser, where: string): string {
  requireKnownOptions(user, ["uid", "gid"], where);
  const { uid, gid } = user;
  requireInteger(uid, `${where}.uid`, 0, MOST_ID);
  requireInteger(gid, `${where}.gid`, 0, MOST_ID);
  return `${uid}:${gid}`;
}

function isPath(path: unknown): path is string {
  return typeof path === "string" && path !== "" && !path.includes("\0");
}
