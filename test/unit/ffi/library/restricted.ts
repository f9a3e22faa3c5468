import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../../fixtures/restricted.mjs", import.meta.url));

/** What test/fixtures/restricted.mjs is to do. */
export interface Task {
  /** For `allowLibraries`, one call each. */
  readonly lists?: readonly (readonly (string | null)[])[];
  readonly libraries: readonly (string | null | { readonly bytesOf: string })[];
  readonly inWorker?: boolean;
  readonly flags?: readonly string[];
  readonly directory?: string;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly permission?: string;
  readonly resource?: string;
}

/** Opens libraries in a process of its own: `"opened"`, or why not. */
export function openRestricted(task: Task): readonly (Refusal | "opened")[] {
  const { flags = [], directory, ...work } = task;
  const input = JSON.stringify({ lists: [], ...work });
  const output = execFileSync(process.execPath, [...flags, "--no-warnings", script, input], {
    encoding: "utf8",
    cwd: directory,
  });
  return JSON.parse(output) as readonly (Refusal | "opened")[];
}
