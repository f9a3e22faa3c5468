import type { Command } from "commander";

interface TypesOptions {
  readonly out?: string;
}

/** `nearfar types`: TypeScript's view of a definition, and a client to go with it. */
export function addTypesCommand(program: Command): void {
  program
    .command("types")
    .description("write the TypeScript declarations and a typed client of services")
    .argument(
      "<definition>",
      "a definition text (.near) or .json, a module, or the URL of a running server (http, https or unix)",
    )
    .option("--out <name>", "write <name>.js and <name>.d.ts; without, print the declarations")
    .addHelpText("after", examples)
    .action(runCommand);
}

const examples = `
Of a server, only what it offers from afar is known; it has to have its OpenAPI document.

Examples:
  $ nearfar types shop.near --out src/shop
  $ nearfar types http://127.0.0.1:3000 > shop.d.ts
  $ nearfar types unix:/run/shop.sock --out src/shop`;

async function runCommand(definition: string, { out }: TypesOptions): Promise<void> {
  const { writeTypes } = await import("./write-types.js");
  await writeTypes(definition, out);
}
