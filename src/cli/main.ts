#!/usr/bin/env node
import { Command } from "commander";
import { packageVersion } from "../internal/version.js";
import { addBenchCommand } from "./bench/command.js";
import { addCallCommand } from "./call.js";
import { addDoctorCommand } from "./doctor.js";
import { EXIT_CODES, reportFailure } from "./failure.js";
import { addHelperCommand } from "./helper.js";
import { addIsolateCommand } from "./isolate/command.js";
import { addSchemaCommand } from "./schema.js";
import { addServeCommand } from "./serve.js";
import { addTypesCommand } from "./types/command.js";

const epilogue = `
Examples:
  $ nearfar doctor
  $ nearfar bench --quick
  $ nearfar serve --port 3000
  $ nearfar call http://127.0.0.1:3000 CryptoService hash_data '["Hello, World!"]'

Exit codes:
  0  done
  1  it did not work out: a failed call, a port in use, results that differ
  2  wrong usage: an unknown option, a value out of range, a module that is not there
  130  interrupted with Ctrl-C

Environment:
  NEARFAR_NATIVE  "off" to do without the native binary, or the path of one
  NEARFAR_HELPER  the path of another helper process
  NEARFAR_FAST    "off" to cross into native code by Node-API only
  NEARFAR_DEBUG   "1" to see the stack of an error`;

// A reader that has seen enough (\`nearfar bench | head\`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT_CODES.ok);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}

function createProgram(): Command {
  const program = new Command("nearfar")
    .description("One service definition, called near (native code in this process) or far (HTTP).")
    .version(packageVersion)
    .exitOverride()
    .addHelpText("after", epilogue);
  addBenchCommand(program);
  addServeCommand(program);
  addCallCommand(program);
  addSchemaCommand(program);
  addTypesCommand(program);
  addDoctorCommand(program);
  addIsolateCommand(program);
  addHelperCommand(program);
  return program;
}
