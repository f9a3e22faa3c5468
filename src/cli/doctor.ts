import { type Command, Option } from "commander";
import type { CSelection } from "./c-library.js";
import type { Diagnosis } from "./diagnosis.js";
import { CommandFailure, UsageError } from "./failure.js";

interface DoctorOptions extends CSelection {
  readonly require?: "native";
  readonly c?: true;
  readonly sandbox?: true;
}

/** `nearfar doctor`: what works here, and what to do about the rest. */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("say which native binary is loaded, what is in use, and what to do")
    .option("--json", "print the findings as JSON")
    .addOption(
      new Option("--require <what>", "exit with 1 when this is missing").choices(["native"]),
    )
    .option("--sandbox", "what of the helper's sandbox holds on this system")
    .option("--c", "where the C header and library are, and how to compile with them")
    .option("--cflags", "with --c: only the compiler's flags")
    .option("--libs", "with --c: only the linker's flags")
    .option("--library", "with --c: only the library's path")
    .option("--pc", "with --c: a file for pkg-config")
    .addHelpText("after", examples)
    .action(async (options: DoctorOptions) => {
      requireWithC(options);
      if (options.c) {
        const { findCLibrary, renderCLibrary } = await import("./c-library.js");
        console.log(renderCLibrary(findCLibrary(), options));
        return;
      }
      if (options.sandbox) {
        const { renderSandboxSupport, sandboxSupport } = await import("./sandbox-support.js");
        const support = sandboxSupport();
        console.log(options.json ? JSON.stringify(support) : renderSandboxSupport(support));
        return;
      }
      const { diagnose } = await import("./diagnosis.js");
      const diagnosis = diagnose();
      const text = options.json ? JSON.stringify(diagnosis, null, 2) : renderDiagnosis(diagnosis);
      console.log(text);
      if (options.require === "native" && !diagnosis.native.loaded) {
        throw new CommandFailure(`the native binary is required: ${diagnosis.native.summary}`);
      }
    });
}

const examples = `
Examples:
  $ nearfar doctor --require native
  $ cc main.c $(npx nearfar doctor --c --cflags --libs)
  $ python3 main.py "$(npx nearfar doctor --c --library)"`;

/** Options that only make sense for the C library. */
function requireWithC({ c, ...options }: DoctorOptions): void {
  if (c) return;
  const lonely = (["cflags", "libs", "library", "pc"] as const).find((name) => options[name]);
  if (lonely !== undefined) throw new UsageError(`--${lonely} needs --c`);
}

/** The findings in plain words. */
function renderDiagnosis(diagnosis: Diagnosis): string {
  const { nearfar, node, platform, arch, libc, native, crypto, advice } = diagnosis;
  const facts: [heading: string, text: string][] = [
    ["Node.js", [node, `${platform}-${arch}`, libc].filter(Boolean).join(", ")],
    ["Binary", native.loaded || native.attempts.length === 0 ? native.summary : "no native binary"],
    ...native.attempts.map(({ path, problem }): [string, string] => ["", `${path}: ${problem}`]),
    ["Calls", describeCalls(diagnosis)],
    ["Isolation", describeIsolation(diagnosis)],
    ["Crypto", `${crypto.backend}: ${crypto.reason}`],
    ["Prebuild", diagnosis.prebuild ?? `none: ${diagnosis.prebuildProblem}`],
    ["Local build", diagnosis.localBuild ?? "none"],
  ];
  const conclusion =
    advice.length === 0
      ? describeSuccess(diagnosis)
      : ["What to do:", ...advice.map((line) => `  ${line}`)].join("\n");
  const lines = facts.map(([heading, text]) => `${heading.padEnd(11)}  ${text}`);
  return [`nearfar ${nearfar}`, "", ...lines, "", conclusion].join("\n");
}

function describeSuccess({ crypto }: Diagnosis): string {
  return crypto.backend === "native"
    ? "All is well: native calls and native crypto are in use."
    : "Native calls are in use; hashes and signatures go through node:crypto, which is slower.";
}

const CROSSINGS = {
  v8: "V8's fast call",
  "node-api": "Node-API, 2 to 3 times slower than V8's fast call",
  helper: "a helper process",
} as const;

const CHANNELS = {
  memory: "calls go to helper processes by shared memory",
  socket: "calls go to helper processes over a socket, which takes longer",
  none: "no helper processes",
} as const;

function describeIsolation({ isolation: { channel, reason } }: Diagnosis): string {
  return reason === undefined ? CHANNELS[channel] : `${CHANNELS[channel]}: ${reason}`;
}

function describeCalls({ abi, crossing }: Diagnosis): string {
  if (crossing === undefined) return "no native calls without a binary";
  return `${abi} calling convention; crossing by ${CROSSINGS[crossing.name]} (${crossing.reason})`;
}
