import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { findHelper } from "../../../src/internal/helper.js";

/** A line of the helper, parsed. */
export interface Line {
  readonly ok?: boolean;
  readonly id?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
  readonly [member: string]: unknown;
}

/** Requests and answers of the helper over a pair of streams, in whatever order they come. */
export class HelperClient {
  readonly #input: Writable;
  readonly #lines: string[] = [];
  readonly #waiting: ((line: string | undefined) => void)[] = [];
  #ended = false;
  #lastId = 0;

  constructor(input: Writable, output: Readable) {
    this.#input = input;
    const reader = createInterface({ input: output });
    reader.on("line", (line) => {
      const next = this.#waiting.shift();
      if (next === undefined) this.#lines.push(line);
      else next(line);
    });
    reader.on("close", () => {
      this.#ended = true;
      for (const next of this.#waiting.splice(0)) next(undefined);
    });
  }

  /** Sends bytes as they are. */
  write(bytes: string | Uint8Array): void {
    this.#input.write(bytes);
  }

  /** Sends a request, with an id of its own if it has none, and does not wait. */
  send(request: object): unknown {
    const id = "id" in request ? request.id : ++this.#lastId;
    this.write(`${JSON.stringify({ ...request, id })}\n`);
    return id;
  }

  /** The next line of the helper; undefined at the end. */
  async read(): Promise<Line | undefined> {
    const line = await this.readText();
    return line === undefined ? undefined : (JSON.parse(line) as Line);
  }

  /** As `read`, as it was written. */
  readText(): Promise<string | undefined> {
    const line = this.#lines.shift();
    if (line !== undefined || this.#ended) return Promise.resolve(line);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Sends a request and gives the next line. */
  async request(request: object): Promise<Line> {
    this.send(request);
    const line = await this.read();
    if (line === undefined) throw new Error("the helper has ended");
    return line;
  }

  /** As `request`, for one that must succeed. */
  async ask(request: object): Promise<Line> {
    const line = await this.request(request);
    if (line.ok !== true) throw new Error(`${line.error?.code}: ${line.error?.message}`);
    return line;
  }

  end(): void {
    this.#input.end();
  }
}

/** A helper process of a test's own. */
export class HelperProcess extends HelperClient {
  readonly child: ChildProcess;
  stderr = "";

  constructor(args: readonly string[] = ["--server"], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(helperPath(), args, {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    super(child.stdin, child.stdout);
    this.child = child;
    child.stdin.on("error", () => undefined); // It may end before it has read everything.
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
  }

  /** Ends its input and waits for its end: the exit code, or the signal. */
  async close(): Promise<number | NodeJS.Signals | null> {
    this.end();
    return this.ended();
  }

  async ended(): Promise<number | NodeJS.Signals | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, "close");
    }
    return this.child.exitCode ?? this.child.signalCode;
  }
}

/** A connection to a helper that listens at `path`, as soon as it does. */
export async function connectTo(path: string): Promise<HelperClient & { close(): void }> {
  for (;;) {
    const socket = connect(path);
    try {
      await once(socket, "connect");
      return Object.assign(new HelperClient(socket, socket), { close: () => socket.destroy() });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

export function helperPath(): string {
  const path = findHelper();
  if (path === undefined) throw new Error("there is no helper: `npm run build:native` compiles it");
  return path;
}
