/**
 * Whether this is surely Node's main thread, which has nobody to inherit from; false where that is
 * not known. `node:worker_threads` would say, and takes milliseconds to load. Workers cannot change
 * the directory (Node's documentation of `process.chdir`), and refuse that before they look at an
 * argument; the main thread refuses this one.
 */
export function isMainThread(): boolean {
  if (process.versions.bun !== undefined || process.versions.deno !== undefined) return false;
  try {
    process.chdir(undefined as never);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ERR_INVALID_ARG_TYPE";
  }
}
