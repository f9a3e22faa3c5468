// Serves calls of a library, in a worker thread or in a child process of Node.
import { parentPort } from "node:worker_threads";
import { dlopen } from "../../dist/ffi/index.js";

const [, , path] = process.argv;
const { functions } = dlopen(path, {
  add_int32: { arguments: ["int32", "int32"], return: "int32" },
});
if (parentPort === null)
  process.on("message", (args) => process.send(functions.add_int32(...args)));
else parentPort.on("message", (args) => parentPort.postMessage(functions.add_int32(...args)));
