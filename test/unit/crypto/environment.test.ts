import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { native } from "./backends.js";

const script = new URL("../../fixtures/crypto-worker.mjs", import.meta.url);
const module = new URL("../../../dist/crypto/index.js", import.meta.url).href;

function start(id: number, forever = false): { worker: Worker; answer: Promise<unknown> } {
  const worker = new Worker(script, { workerData: { id, module, forever } });
  const answer = new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return { worker, answer };
}

describe("worker threads", () => {
  it("each have digests and keys of their own: calls at the same time do not mix", async () => {
    const workers = [1, 2, 3, 4].map((id) => start(id));
    const answers = await Promise.all(workers.map(({ answer }) => answer));
    expect(answers).toEqual([1, 2, 3, 4].map((id) => ({ id, backend: "native", mismatches: 0 })));
    await Promise.all(workers.map(({ worker }) => worker.terminate()));
  });

  it("can be terminated in the middle of calls; the main thread goes on", async () => {
    for (let round = 0; round < 5; round++) {
      const { worker, answer } = start(round, true);
      await answer;
      await worker.terminate();
      expect(native.hash("sha256", "Hello, World!")).toMatch(/^dffd6021/);
    }
  });
});

describe("a worker thread with work in the background", () => {
  const started = `
    import { parentPort, workerData } from "node:worker_threads";
    const { hashAsync, hashFile, hashManyIntoAsync } = await import(workerData.module);
    const data = new Uint8Array(64 * 1024 * 1024);
    const out = new Uint8Array(data.length / 2);
    hashAsync("sha512", data);
    hashManyIntoAsync("sha256", { data, recordSize: 64 }, out);
    hashFile("sha512", process.execPath);
    setImmediate(() => parentPort.postMessage("started"));
  `;

  it("can be terminated; the main thread goes on", async () => {
    for (let round = 0; round < 4; round++) {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(started)}`), {
        workerData: { module },
      });
      await new Promise((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
      });
      await worker.terminate();
      expect(await native.hashAsync("sha256", new Uint8Array(300_000))).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it("a process that exits meanwhile ends cleanly", () => {
    const code =
      "crypto.hashAsync('sha256', new Uint8Array(1e8)); crypto.hashFile('md5', process.execPath);" +
      "setImmediate(() => { console.log('done'); process.exit(0); })";
    expect(inFreshProcess(code)).toBe("done");
  });
});

/** What a fresh process prints after importing the built module as `crypto`. */
function inFreshProcess(code: string, native = ""): string {
  const source = `import * as crypto from ${JSON.stringify(module)}; ${code}`;
  const input = ["--input-type=module", "-e", source];
  const cwd = fileURLToPath(new URL("../../../", import.meta.url));
  const env = { ...process.env, NEARFAR_NATIVE: native };
  return execFileSync(process.execPath, input, { cwd, encoding: "utf8", env }).trim();
}

describe("a process that imports nearfar/crypto", () => {
  it("hashes natively without loading node:crypto", () => {
    const code =
      "crypto.hash('sha256', 'x'); console.log(crypto.backend, process.moduleLoadList" +
      ".filter((name) => name === 'NativeModule crypto').length)";
    expect(inFreshProcess(code)).toBe("native 0");
  });

  it("with NEARFAR_NATIVE=off, node:crypto serves the same", () => {
    const code = "console.log(crypto.backend, crypto.hash('sha256', 'Hello, World!'))";
    expect(inFreshProcess(code, "off")).toBe(
      "node dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f",
    );
  });

  it("a process that exits while keys are in use ends cleanly", () => {
    const code =
      "const { privateKey } = crypto.generateKeyPair('p256'); crypto.sign(privateKey, 'x');" +
      "console.log('done'); process.exit(0)";
    expect(inFreshProcess(code)).toBe("done");
  });
});
