import { type Command, Option } from "commander";
import type { Diagnosis } from "./diagnosis.js";
import { CommandFailure } from "./failure.js";

interface DoctorOptions {
  readonly json?: true;
  readonly require?: "native";
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
    .addHelpText("after", "\nExample, for CI:\n  $ nearfar doctor --require native")
    .action(async (options: DoctorOptions) => {
      const { diagnose } = await import("./diagnosis.js");
      const diagnosis = diagnose();
      const text = options.json ? JSON.stringify(diagnosis, null, 2) : renderDiagnosis(diagnosis);
      console.log(text);
      if (options.require === "native" && !diagnosis.native.loaded) {
        throw new CommandFailure(`the native binary is required: ${diagnosis.native.summary}`);
      }
    });
}

/** The findings in plain words. */
export function renderDiagnosis(diagnosis: Diagnosis): string {
  const { nearfar, node, platform, arch, libc, native, crypto, advice } = diagnosis;
  const facts: [heading: string, text: string][] = [
    ["Node.js", [node, `${platform}-${arch}`, libc].filter(Boolean).join(", ")],
    ["Binary", native.loaded || native.attempts.length === 0 ? native.summary : "no native binary"],
    ...native.attempts.map(({ path, problem }): [string, string] => ["", `${path}: ${problem}`]),
    ["Calls", describeCalls(diagnosis)],
    ["Crypto", `${crypto.backend}: ${crypto.reason}`],
    ["Prebuild", diagnosis.prebuild ?? `none for ${platform}-${arch}`],
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
} as const;

function describeCalls({ abi, crossing }: Diagnosis): string {
  if (crossing === undefined) return "no native calls without a binary";
  return `${abi} calling convention; crossing by ${CROSSINGS[crossing.name]} (${crossing.reason})`;
}
