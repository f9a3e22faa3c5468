// A C compiler for programs under wine, which cannot start those of this system: they start a
// program that asks this process (windows-compiler.c) and that the cross compiler makes first.
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";

export const mingw = "x86_64-w64-mingw32-gcc-posix";

/**
 * Makes `folder/cc.exe`, and serves it until `stop` is called. `driveC` is wine's folder for it.
 */
export async function startCompiler(source, folder, driveC) {
  execFileSync(mingw, ["-O1", "-static", "-o", join(folder, "cc.exe"), source, "-lws2_32"]);
  const server = createServer({ allowHalfOpen: true }, (socket) => serve(socket, driveC));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: server.address().port, stop: () => server.close() };
}

/**
 * A request is the number of fields, a line, then the working directory and the arguments, each
 * with a NUL behind it, then standard input. The answer is the exit status, one byte, and the
 * output.
 */
async function serve(socket, driveC) {
  const chunks = [];
  // Its other half is still open, for the answer.
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) chunks.push(chunk);
  const request = Buffer.concat(chunks).toString("latin1");
  const lineEnd = request.indexOf("\n");
  const rest = request.slice(lineEnd + 1).split("\0");
  const count = Number(request.slice(0, lineEnd));
  const [cwd, ...args] = rest.slice(0, count).map((argument) => fromWindows(argument, driveC));
  const input = rest.slice(count).join("\0");
  // Libraries of the compiler's own go into what it makes: wine would look for them in vain.
  const all = [...args, "-static"];
  // windows.h is two megabytes of C.
  const options = { cwd, input, encoding: "latin1", maxBuffer: 2 ** 26 };
  const { status, stdout, stderr } = spawnSync(mingw, all, options);
  const output = Buffer.from(status === 0 ? stdout : stderr, "latin1");
  socket.end(Buffer.concat([Buffer.from([status ?? 255]), output]));
}

/** `-LZ:\a\b` is `-L/a/b` here. */
function fromWindows(argument, driveC) {
  return argument.replace(/([cz]):([\\/][^,]*)/gi, (_, drive, path) => {
    return `${drive.toLowerCase() === "c" ? driveC : ""}${path.replaceAll("\\", "/")}`;
  });
}
