import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { helperPath, type Line } from "./helper-client.js";

/** Kinds of frames: docs/helper-protocol.md. */
export const KIND = { message: 1, call: 2, result: 3, callback: 4, answer: 5 } as const;

export interface Frame {
  readonly kind: number;
  readonly number: number;
  readonly body: Buffer;
}

const HEAD_BYTES = 16;

export function frame(kind: number, number: number, ...parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  const body = Buffer.concat(parts);
  head.writeUInt32LE(kind, 0);
  head.writeUInt32LE(number, 4);
  head.writeBigUInt64LE(BigInt(body.length), 8);
  return Buffer.concat([head, body]);
}

/** A helper that was asked for frames, over stdin and stdout. */
export class FramedHelper {
  readonly child: ChildProcess;
  #buffer = Buffer.alloc(0);
  readonly #frames: Frame[] = [];
  #wake: (() => void) | undefined;
  #hasEnded = false;
  #lastId = 0;

  private constructor(args: readonly string[]) {
    this.child = spawn(helperPath(), ["--server", ...args], { stdio: ["pipe", "pipe", "inherit"] });
    this.child.stdin?.on("error", () => undefined); // It may end before it has read everything.
  }

  static async start(...args: readonly string[]): Promise<FramedHelper> {
    const made = new FramedHelper(args);
    const { stdout } = made.child;
    if (stdout === null) throw new Error("no stdout");
    made.write(Buffer.from('{"cmd":"framing","framing":"binary","id":0}\n'));
    const [line] = (await once(stdout, "data")) as [Buffer];
    if (line.toString() !== '{"ok":true,"id":0}\n') throw new Error(`refused: ${line}`);
    stdout.on("data", (bytes: Buffer) => made.#receive(bytes));
    stdout.on("end", () => {
      made.#hasEnded = true;
      made.#wake?.();
    });
    return made;
  }

  write(bytes: Uint8Array): void {
    this.child.stdin?.write(bytes);
  }

  /** The next frame; undefined at the end. */
  async read(): Promise<Frame | undefined> {
    while (this.#frames.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#frames.shift();
  }

  /** Sends a request, with bytes attached, and gives its answer with those attached to it. */
  async request(
    request: object,
    attachment: Uint8Array = Buffer.alloc(0),
  ): Promise<Line & { readonly attachment: Buffer }> {
    const id = ++this.#lastId;
    const text = Buffer.from(JSON.stringify({ ...request, id }));
    this.write(frame(KIND.message, attachment.length, text, attachment));
    return this.message();
  }

  /** The next frame, which must be a message. */
  async message(): Promise<Line & { readonly attachment: Buffer }> {
    const next = await this.read();
    if (next?.kind !== KIND.message) throw new Error(`expected a message, got ${next?.kind}`);
    const end = next.body.length - next.number;
    const line = JSON.parse(next.body.toString("utf8", 0, end)) as Line;
    return { ...line, attachment: next.body.subarray(end) };
  }

  /** Ends its input and waits for its end. */
  async close(): Promise<number | NodeJS.Signals | null> {
    this.child.stdin?.end();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, "close");
    }
    return this.child.exitCode ?? this.child.signalCode;
  }

  #receive(bytes: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    for (;;) {
      if (this.#buffer.length < HEAD_BYTES) break;
      const size = HEAD_BYTES + Number(this.#buffer.readBigUInt64LE(8));
      if (this.#buffer.length < size) break;
      this.#frames.push({
        kind: this.#buffer.readUInt32LE(0),
        number: this.#buffer.readUInt32LE(4),
        body: this.#buffer.subarray(HEAD_BYTES, size),
      });
      this.#buffer = this.#buffer.subarray(size);
    }
    this.#wake?.();
  }
}
