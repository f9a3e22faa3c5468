import type { Command } from "commander";
import type { DiffOptions } from "./schema-diff.js";

/** `nearfar schema diff`: may the new version take the old one's place? */
export function addSchemaCommand(program: Command): void {
  program
    .command("schema")
    .description("work with schemas and definitions")
    .command("diff")
    .description("compare two versions of a service or schema")
    .argument(
      "<old>",
      "a definition text (.near), a .json file (a definition or a JSON Schema), or a module",
    )
    .argument("<new>", "the same, of the new version")
    .option("--strict", "callers of the new version have to get along with the old one too")
    .option("--json", "print the comparison as JSON")
    .addHelpText("after", help)
    .action(runCommand);
}

const help = `
Exits with 1 if callers may break: if the definition's version has not risen by what the changes ask
for (major for what breaks, minor for what is new, patch for words), or if values of the old schema
may not fit the new one.

Example:
  $ nearfar schema diff orders-1.json orders-2.json`;

async function runCommand(oldName: string, newName: string, options: DiffOptions): Promise<void> {
  const { diffSchemas } = await import("./schema-diff.js");
  await diffSchemas(oldName, newName, options);
}
