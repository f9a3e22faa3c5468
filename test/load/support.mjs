// What the load scripts share: processes that answer questions, their memory, a certificate.
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A script of this folder in a process of its own. */
export class Process {
  #child;
  #waiting = [];

  constructor(script, task) {
    const file = fileURLToPath(new URL(script, import.meta.url));
    this.#child = fork(file, { execArgv: ["--expose-gc"] });
    // Not as an argument, which everybody on the machine can read: there is a key in it.
    this.#child.send(task);
    this.#child.on("message", (answer) => this.#waiting.shift()?.resolve(answer));
    this.#child.on("exit", (code) => {
      for (const { reject } of this.#waiting) reject(new Error(`${script} ended with ${code}`));
    });
  }

  /** Questions are answered in order. The first one, without words, is whether it is ready. */
  ask(question) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (question !== undefined) this.#child.send(question);
    });
  }

  end() {
    this.#waiting = [];
    this.#child.kill("SIGKILL");
  }
}

/** In such a process: what it was given. */
export async function takeTask() {
  const [task] = await once(process, "message");
  return task;
}

/** In such a process: says that it is ready, then answers by `{ question: () => answer }`. */
export function answer(ready, answers) {
  process.on("message", async (question) => process.send(await answers[question]()));
  process.on("disconnect", () => process.exit());
  process.send(ready);
}

/** Bytes that are in use after full collections, and those of the process. Needs --expose-gc. */
export async function memory() {
  for (let round = 0; round < 3; round++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { live: heapUsed + external, rss };
}

/** A certificate of 127.0.0.1 that signs itself, by openssl. */
export function makeCertificate() {
  const directory = mkdtempSync(join(tmpdir(), "nearfar-load-"));
  try {
    const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(directory, name));
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    const name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const out = ["-keyout", key, "-out", cert];
    execFileSync("openssl", ["req", "-x509", ...kind, ...name, ...out], { stdio: "pipe" });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
