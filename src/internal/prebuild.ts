import { join } from "node:path";
import { fs } from "./file-system.js";
import { currentLibc, type Libc } from "./libc.js";
import { packageRoot, requireFromHere } from "./package-info.js";

/** What a binary has to fit. */
export interface Host {
  readonly platform: string;
  readonly arch: string;
  /** Undefined where it is no question. */
  readonly libc: Libc | undefined;
}

/** The prebuild to load, or why there is none, in one phrase. */
export type PrebuildChoice =
  | { readonly path: string; readonly problem: undefined }
  | { readonly path: undefined; readonly problem: string };

/** Where the package has its prebuilds: `<platform>-<arch>/nearfar.<libc>.node`. */
export const prebuildDirectory: string = join(packageRoot, "prebuilds");

/** The prebuild that fits this process. Throws if the package's own folder cannot be read. */
export function findPrebuild(): string | undefined {
  return choosePrebuild().path;
}

export function choosePrebuild(): PrebuildChoice {
  const { platform, arch } = process;
  const tuples = tuplesFor(platform, prebuildDirectory);
  // What follows takes milliseconds; a clone has no prebuilds.
  if (tuples.length === 0) return none(`no prebuild for ${platform}-${arch}`);
  return choosePrebuildFor({ platform, arch, libc: currentLibc() }, prebuildDirectory);
}

/** The parts of node-gyp-build that name and order prebuilds; it exports them for such use. */
interface PrebuildNaming {
  parseTuple(name: string): { name: string } | undefined;
  matchTuple(platform: string, arch: string): (tuple: { name: string } | undefined) => boolean;
  compareTuples(a: unknown, b: unknown): number;
  parseTags(file: string): Tags | undefined;
  matchTags(runtime: string, abi: string): (tags: Tags | undefined) => boolean;
  compareTags(runtime: string): (a: unknown, b: unknown) => number;
}

interface Tags {
  readonly file: string;
  readonly libc?: Libc | undefined;
}

/** As `choosePrebuild`, for any host and folder. */
export function choosePrebuildFor(host: Host, directory: string): PrebuildChoice {
  const plain = plainPrebuildFor(host, directory);
  if (plain !== undefined) return { path: plain, problem: undefined };
  const { platform, arch, libc } = host;
  const target = `${platform}-${arch}`;
  const naming = requireNaming();
  const tuple = tuplesFor(platform, directory)
    .map(naming.parseTuple)
    .filter(naming.matchTuple(platform, arch))
    .sort(naming.compareTuples)[0];
  if (tuple === undefined) return none(`no prebuild for ${target}`);
  const folder = join(directory, tuple.name);
  // node-gyp-build tells musl by /etc/alpine-release alone: the C library is compared here.
  const matches = naming.matchTags("node", process.versions.modules);
  const binaries = fs
    .readdirSync(folder)
    .map(naming.parseTags)
    .filter((tags) => tags !== undefined)
    .filter((tags) => matches({ ...tags, libc: undefined }));
  const fitting = binaries
    .filter((tags) => tags.libc === undefined || tags.libc === libc)
    .sort(naming.compareTags("node"))[0];
  if (fitting !== undefined) return { path: join(folder, fitting.file), problem: undefined };
  const others = [...new Set(binaries.flatMap((tags) => tags.libc ?? []))].join(", ");
  if (others === "") return none(`no prebuild for ${target}`);
  return none(`the prebuild for ${target} needs ${others}, and this process runs on ${libc}`);
}

/** The names of binaries that say nothing but the C library. */
const PLAIN_NAME = /^nearfar(\.glibc|\.musl)?\.node$/;

/**
 * The prebuild that node-gyp-build would choose, where there is one folder for the host and its
 * binaries have plain names, as those that are shipped: loading node-gyp-build takes 4 ms.
 */
function plainPrebuildFor({ platform, arch, libc }: Host, directory: string): string | undefined {
  const architectures = (name: string) => name.slice(platform.length + 1).split("+");
  const [tuple, ...others] = tuplesFor(platform, directory).filter((name) =>
    architectures(name).includes(arch),
  );
  if (tuple === undefined || others.length > 0) return undefined;
  const folder = join(directory, tuple);
  const binaries = fs.readdirSync(folder).filter((name) => name.endsWith(".node"));
  if (!binaries.every((name) => PLAIN_NAME.test(name))) return undefined;
  const wanted = [...(libc === undefined ? [] : [`nearfar.${libc}.node`]), "nearfar.node"];
  const found = wanted.find((name) => binaries.includes(name));
  return found === undefined ? undefined : join(folder, found);
}

/**
 * Told the C library it does not look for /etc/alpine-release, which Node's permission model would
 * refuse. What it is told goes unused here, and is right for others that share the module.
 */
function requireNaming(): PrebuildNaming {
  const isTold = process.env.LIBC !== undefined;
  if (!isTold) process.env.LIBC = currentLibc() ?? "glibc";
  try {
    return requireFromHere("node-gyp-build") as PrebuildNaming;
  } finally {
    if (!isTold) delete process.env.LIBC;
  }
}

/** The folders of one platform; none where there are no prebuilds at all. */
function tuplesFor(platform: string, directory: string): string[] {
  if (!fs.existsSync(directory)) return [];
  return fs.readdirSync(directory).filter((name) => name.startsWith(`${platform}-`));
}

function none(problem: string): PrebuildChoice {
  return { path: undefined, problem };
}
