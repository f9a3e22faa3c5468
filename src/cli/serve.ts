import { once } from "node:events";
import type { Command } from "commander";
import { CommandFailure, failingInOneLine } from "./failure.js";
import { addServeOptions, type ServeOptions, serverOptionsOf } from "./serve-options.js";

/** `nearfar serve`: the built-in services and those of modules, over HTTP. */
export function addServeCommand(program: Command): void {
  const command = program
    .command("serve")
    .description("serve the built-in CryptoService, and the services that modules export")
    .argument("[module...]", "files or packages that export services");
  addServeOptions(command).addHelpText("after", examples).action(runCommand);
}

const examples = `
Stops when it is told to with Ctrl-C or SIGTERM, after it has answered what it is working on.

Examples:
  $ nearfar serve
  $ nearfar serve --port 0 ./my-service.js
  $ nearfar serve --socket /tmp/nearfar.sock
  $ nearfar serve --tls-cert server.pem --tls-key server.key --http2 --metrics --log info`;

async function runCommand(modules: readonly string[], options: ServeOptions): Promise<void> {
  const { createServer } = await import("../server/index.js");
  const { CryptoService } = await import("../services/index.js");
  const { loadServices } = await import("./service-modules.js");
  const services = [...new Set([CryptoService, ...(await loadServices(modules))])];
  const { socket } = options;
  const settings = serverOptionsOf(options);
  // It throws where fastify, an optional peer, is not installed.
  const server = failingInOneLine(() => createServer({ services, ...settings }));
  const url = await server.listen().then(
    (listening) => listening.url,
    (error: unknown) => {
      throw listenFailure(error, options);
    },
  );
  // Before anybody can know that it serves: a signal may come at once.
  const told = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  console.log(`nearfar serves on ${url}\n  ${exampleCall(url, socket)}`);
  await told;
  await server.close();
}

/** A call to try, ready to be pasted. */
function exampleCall(url: string, socket: string | undefined): string {
  const [option, base] =
    socket === undefined ? ["", url] : [`--unix-socket ${socket} `, "http://localhost"];
  return (
    `curl ${option}${base}/api/CryptoService/hash_data ` +
    `-H 'content-type: application/json' -d '["Hello, World!"]'`
  );
}

function listenFailure(error: unknown, { host, port, socket }: ServeOptions): unknown {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return error;
  if (error.syscall !== "listen" && error.syscall !== "getaddrinfo") return error;
  const place = socket ?? `${host}:${port}`;
  if (error.code !== "EADDRINUSE") return new CommandFailure(`${place}: ${error.message}`);
  const advice = socket === undefined ? "--port 0 finds a free one" : "choose another --socket";
  return new CommandFailure(`${place} is in use; ${advice}`);
}
