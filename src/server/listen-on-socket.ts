import { lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * Listens on a Unix socket. A socket file that a killed server left behind is replaced; one that
 * somebody listens on, or a file that is no socket, is not touched.
 */
export async function listenOnSocket(app: FastifyInstance, path: string): Promise<void> {
  if (await isAbandonedSocket(path)) await unlink(path);
  await app.listen({ path });
}

async function isAbandonedSocket(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isSocket() === true && !(await isListening(path));
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
