import { NativeError } from "../../errors/index.js";
import { fs } from "../../internal/file-system.js";
import type { SandboxUser } from "./sandbox.js";

/** Of linux/capability.h. */
const CAP_SETGID = 6;
const CAP_SETUID = 7;
const NEEDED = (1n << BigInt(CAP_SETGID)) | (1n << BigInt(CAP_SETUID));

/**
 * Throws `ERR_ISOLATE_UNAVAILABLE` where helpers cannot be another user, because this process
 * cannot.
 */
export function requireUserSwitch(user: SandboxUser | undefined, where: string): void {
  if (user === undefined || maySwitch()) return;
  throw new NativeError(
    "ERR_ISOLATE_UNAVAILABLE",
    `${where} (${user.uid}:${user.gid}) needs the right to switch users, root or CAP_SETUID and ` +
      `CAP_SETGID, and this process is user ${process.geteuid?.()} without it`,
  );
}

function maySwitch(): boolean {
  if (process.platform !== "linux") return process.geteuid?.() === 0;
  return (capabilities() & NEEDED) === NEEDED;
}

/** Those in effect: see proc_pid_status(5). */
function capabilities(): bigint {
  const [, digits = "0"] =
    /^CapEff:\s*([0-9a-f]+)$/m.exec(fs.readFileSync("/proc/self/status", "utf8")) ?? [];
  return BigInt(`0x${digits}`);
}
