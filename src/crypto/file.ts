import type { FileHandle } from "node:fs/promises";
import { ArgumentError, argumentLabel, describeValue } from "../errors/index.js";
import { fs } from "../internal/file-system.js";
import type { HashState } from "./backend.js";
import { checked, checkedLater } from "./failure.js";
import { signalOf } from "./signal.js";

/** How far a file has been hashed. */
export interface FileProgress {
  /** Bytes hashed. */
  readonly bytes: number;
  /** Bytes of the file when it was opened; 0 where the system does not know, as of a pipe. */
  readonly total: number;
}

export interface FileOptions {
  /** Ends it early: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called every PART_BYTES or so, and at the end. What it throws ends the work. */
  readonly onProgress?: (progress: FileProgress) => void;
}

/** The names of the options, for callers who have others besides. */
export const FILE_OPTIONS = ["signal", "onProgress"];

/** What the pool hashes at a time, some 15 ms when the file is in memory. */
const PART_BYTES = 32 * 1024 * 1024;

/** What is read at a time where JavaScript reads: hashed in some hundred microseconds. */
const BUFFER_BYTES = 256 * 1024;

/** The options that concern the file, checked; `options` may also be an encoding. */
export function fileCallbacks(options: unknown, index: number): FileOptions {
  const signal = signalOf(options, index);
  const { onProgress } = (typeof options === "object" ? options : {}) as FileOptions;
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new ArgumentError(
      `${argumentLabel(index, "onProgress")} must be a function, got ${describeValue(onProgress)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  return { ...(signal && { signal }), ...(onProgress && { onProgress }) };
}

/**
 * Feeds a file to `state`: the pool reads and hashes at once. Node opens it, with its own errors
 * and under its permission model. What is no regular file is also read by Node, as is everything
 * where there is no native binary.
 */
export async function hashFileInto(
  state: HashState,
  path: string | Buffer | URL,
  { signal, onProgress }: FileOptions,
): Promise<void> {
  const file = await fs.promises.open(path, "r");
  try {
    const status = await file.stat();
    const parts = status.isFile() ? partsByPool(state, file) : partsByNode(state, file, null);
    for await (const bytes of parts) {
      signal?.throwIfAborted();
      onProgress?.({ bytes, total: status.size });
    }
  } finally {
    await file.close();
  }
}

/** Gives the bytes hashed so far after each part, and at the end. */
async function* partsByPool(state: HashState, file: FileHandle): AsyncGenerator<number> {
  for (let position = 0; ; ) {
    const running = state.updateFromFile(file.fd, position, PART_BYTES);
    if (running === undefined) return yield* partsByNode(state, file, position);
    const count = await checkedLater("hash", running);
    position += count;
    yield position;
    if (count < PART_BYTES) return;
  }
}

/** Reads the next buffer while one is hashed. Without a `position` it reads on from where it is. */
async function* partsByNode(
  state: HashState,
  file: FileHandle,
  position: number | null,
): AsyncGenerator<number> {
  let bytes = 0;
  let reported = 0;
  const read = (buffer: Buffer, start: number): ReturnType<typeof file.read<Buffer>> =>
    file.read(buffer, 0, BUFFER_BYTES, position === null ? null : position + start);
  let pending = read(Buffer.allocUnsafe(BUFFER_BYTES), 0);
  let spare: Buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  for (;;) {
    const { bytesRead, buffer } = await pending;
    bytes += bytesRead;
    if (bytesRead === 0) break;
    pending = read(spare, bytes);
    checked("hash", () => state.update(buffer.subarray(0, bytesRead)));
    spare = buffer;
    if (bytes - reported >= PART_BYTES) {
      reported = bytes;
      try {
        yield bytes;
      } finally {
        // Not left behind when the consumer stops: the file is closed next.
        await pending.catch(() => undefined);
      }
    }
  }
  yield bytes;
}
