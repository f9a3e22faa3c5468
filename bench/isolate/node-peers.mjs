// What Node itself has for calls elsewhere: each gives a call that resolves with the sum of 40 and
// 2, and a function that ends it.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const server = fileURLToPath(new URL("node-server.mjs", import.meta.url));

/** A thread: faster than a process, and no protection. */
export async function openWorker(path) {
  const worker = new Worker(server, { argv: [path] });
  await once(worker, "online");
  return [asker(worker, (message) => worker.postMessage(message)), () => worker.terminate()];
}

/** A process of Node that serves calls by its IPC channel. */
export async function openChild(path) {
  const child = fork(server, [path], { serialization: "advanced" });
  const close = async () => {
    child.disconnect();
    await once(child, "exit");
  };
  return [asker(child, (message) => child.send(message)), close];
}

function asker(emitter, send) {
  const waiting = [];
  emitter.on("message", (result) => waiting.shift()(result));
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      send([40, 2]);
    });
}
