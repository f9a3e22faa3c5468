import { resolve } from "node:path";
import { AccessDeniedError } from "../../errors/index.js";
import { isBareName } from "./search.js";

/** `process.permission`, which is there when node runs with `--permission`. */
interface Permission {
  has(scope: string, reference?: string): boolean;
}

/**
 * Node has the scope from 26.1 on; before, it answers that every unknown scope is denied. Asked
 * only where it matters, because making the set of flags takes 3 ms.
 */
function knowsForeignFunctions(): boolean {
  return process.allowedNodeEnvironmentFlags.has("--allow-ffi");
}

/**
 * Throws `ERR_ACCESS_DENIED` if Node's permission model forbids loading this library: foreign
 * functions at all, or reading the file. Of a name that the system's loader looks up, and of the
 * process itself (null), only the former is known.
 */
export function requirePermission(path: string | null): void {
  const permission = (process as { permission?: Permission }).permission;
  if (permission === undefined) return;
  if (knowsForeignFunctions() && !permission.has("ffi")) {
    throw new AccessDeniedError(
      "Access to native libraries is restricted by --permission; allow it with --allow-ffi",
      "FFI",
      path ?? "",
    );
  }
  if (path === null || isBareName(path)) return;
  const file = resolve(path);
  if (permission.has("fs.read", file)) return;
  throw new AccessDeniedError(
    `Reading ${file} is restricted by --permission; allow it with --allow-fs-read=${file}`,
    "FileSystemRead",
    file,
  );
}
