import { glibcVersion } from "./libc.js";

/** Why a binary did not load, in the system's words where there are no better ones; one line. */
export function describeDlopenFailure(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ERR_DLOPEN_DISABLED") {
    return addonsDisabled();
  }
  const message = (error instanceof Error ? error.message : String(error)).trim();
  return explainLoaderMessage(message) ?? message.split("\n")[0] ?? "unknown";
}

/** Node's own message does not say by what, nor what to do about it. */
function addonsDisabled(): string {
  return "permission" in process && process.permission !== undefined
    ? "node runs with --permission, under which native addons need --allow-addons"
    : "node runs with --no-addons, which keeps native addons from loading";
}

/**
 * What the system's loader says of a binary that does not fit, and what it means. glibc's and
 * musl's words; those of macOS and Windows are clear enough.
 */
export function explainLoaderMessage(message: string): string | undefined {
  const glibc = /version [`']GLIBC_([\d.]+)' not found/.exec(message)?.[1];
  if (glibc !== undefined) {
    return `it needs glibc ${glibc} or later, this system has ${glibcVersion() ?? "another C library"}`;
  }
  const missing = /(\S+): cannot open shared object file/.exec(message)?.[1];
  const absent = missing ?? /Error loading shared library ([^\s:]+)/.exec(message)?.[1];
  if (absent?.startsWith("libstdc++")) {
    return `it needs ${absent}, which is not installed (Debian: libstdc++6, Alpine: libstdc++)`;
  }
  if (/version [`'](GLIBCXX|CXXABI)_/.test(message)) {
    return "it needs a newer libstdc++.so.6 than this system has";
  }
  if (/wrong ELF class|invalid ELF header|Exec format error/i.test(message)) {
    return `it is not a binary for ${process.platform}-${process.arch}`;
  }
  if (/failed to map segment|Operation not permitted/i.test(message)) {
    return "it lies on a file system from which nothing may be executed (mounted noexec)";
  }
  return undefined;
}
