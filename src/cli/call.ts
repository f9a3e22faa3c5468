import type { Command } from "commander";
import { ArgumentError } from "../errors/index.js";
import { UsageError } from "./failure.js";
import { integerOption } from "./options.js";

interface CallOptions {
  readonly timeoutMs: number;
}

type Arguments = readonly unknown[] | Readonly<Record<string, unknown>>;

const defaultTimeoutMs = 30_000;
const longestTimeoutMs = 2 ** 31 - 1; // what a timer of Node can wait

/** `nearfar call`: one call by names, without a definition. */
export function addCallCommand(program: Command): void {
  program
    .command("call")
    .description("call a method of a served service and print its result as JSON")
    .argument("<url>", "http://host:port, https://host:port or unix:/path/to.sock")
    .argument("<service>", "such as CryptoService")
    .argument("<method>", "such as hash_data")
    .argument("<json>", "an array of arguments or an object of named ones; - reads standard input")
    .option(
      "--timeout-ms <number>",
      "how long to wait for the answer",
      integerOption(1, longestTimeoutMs),
      defaultTimeoutMs,
    )
    .addHelpText("after", examples)
    .action(runCommand);
}

const examples = `
A failed call prints its code and message on standard error, and exits with 1.

Examples:
  $ nearfar call http://127.0.0.1:3000 CryptoService hash_data '["Hello, World!"]'
  $ echo '{"data": "Hello, World!"}' | nearfar call unix:/tmp/nf.sock CryptoService hash_data -`;

async function runCommand(
  url: string,
  service: string,
  method: string,
  json: string,
  { timeoutMs }: CallOptions,
): Promise<void> {
  const args = parseArguments(json === "-" ? await readInput() : json);
  const transport = await openTransport(url);
  try {
    const request = { service, method, args, timeoutMs, idempotent: false };
    const { value } = await transport.call(request);
    console.log(JSON.stringify(value));
  } finally {
    await transport.close();
  }
}

async function readInput(): Promise<string> {
  const { text } = await import("node:stream/consumers");
  return text(process.stdin);
}

/** The text may hold a key, so a message about it shows none of it. */
function parseArguments(json: string): Arguments {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UsageError(`<json> is not valid JSON (${json.length} characters)`);
  }
  if (typeof value === "object" && value !== null) return value as Arguments;
  throw new UsageError(
    `<json> must be an array of arguments or an object of named ones, got ${typeOf(value)}`,
  );
}

function typeOf(value: unknown): string {
  return value === null ? "null" : `a ${typeof value}`;
}

async function openTransport(baseUrl: string) {
  const { HttpTransport } = await import("../client/http-transport.js");
  try {
    return new HttpTransport({ baseUrl });
  } catch (error) {
    if (error instanceof ArgumentError) throw new UsageError(`<url>: ${error.message}`);
    throw error;
  }
}
