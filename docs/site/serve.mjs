// A preview of the built site, on loopback only. The site has absolute paths and modules, which a
// browser does not load from files.
import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** Serves a folder below `base` on a port, 0 for any that is free. Gives the server, listening. */
export async function serveFolder(folder, base, port) {
  const server = createServer((request, response) => {
    const file = fileOf(folder, base, request.url ?? "");
    if (file === undefined) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return;
    }
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(response);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** The file that a path stands for, or undefined: there is none, or it is not in the folder. */
function fileOf(folder, base, url) {
  try {
    const path = decodeURIComponent(new URL(url, "http://127.0.0.1").pathname);
    if (!path.startsWith(base)) return undefined;
    const name = path.endsWith("/") ? `${path}index.html` : path;
    const file = join(folder, name.slice(base.length));
    return file.startsWith(folder + sep) && statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined; // No such file, or a path that is none.
  }
}
