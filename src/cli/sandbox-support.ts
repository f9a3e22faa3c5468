import { spawnSync } from "node:child_process";
import { requireHelper } from "./require-helper.js";

/** What the helper says that this system's kernel can do. */
export interface SandboxSupport {
  readonly limits: boolean;
  readonly noNewPrivileges: boolean;
  readonly seccomp: boolean;
  /** The version of Landlock, or 0. */
  readonly landlock: number;
  /** Whether `--user` can be had: whether this process may switch users. */
  readonly otherUser: boolean;
  /** By profile, what is missing for it; null if nothing is. */
  readonly missing: Readonly<Record<string, string | null>>;
}

/** macOS does not limit a process's address space. */
const LIMITED = [
  ...(process.platform === "darwin" ? [] : ["memory"]),
  ...["time", "files", "processes", "file size", "core dumps"],
];

/** Asks the helper. Throws a CommandFailure where there is none. */
export function sandboxSupport(): SandboxSupport {
  const { stdout } = spawnSync(requireHelper(), ["--sandbox-support"], { encoding: "utf8" });
  return JSON.parse(stdout) as SandboxSupport;
}

/** The answer to `nearfar doctor --sandbox`. */
export function renderSandboxSupport(support: SandboxSupport): string {
  const { limits, noNewPrivileges, seccomp, landlock, otherUser, missing } = support;
  const word = (holds: boolean) => (holds ? "yes" : "no");
  const facts: readonly (readonly [heading: string, text: string])[] = [
    ["Limits", `${word(limits)} (${LIMITED.join(", ")})`],
    ["No new privileges", word(noNewPrivileges)],
    ["seccomp", word(seccomp)],
    ["Landlock", landlock === 0 ? "no" : `yes, version ${landlock}`],
    ["Another user", otherUser ? "yes" : "no, needs root, or CAP_SETUID and CAP_SETGID"],
    ...Object.entries(missing).map(
      ([profile, lacking]) =>
        [`Profile ${profile}`, lacking === null ? "holds here" : `needs ${lacking}`] as const,
    ),
  ];
  return facts.map(([heading, text]) => `${heading.padEnd(18)} ${text}`).join("\n");
}
