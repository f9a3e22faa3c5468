import { ArgumentError, argumentMessage } from "../errors/index.js";
import { ALL_HASHED, type Digest, type HashEncoding, type PieceList } from "./backend.js";
import { cryptoBackend } from "./current-backend.js";
import { bytesOf, type Data, detachedError, isDetached, toInput } from "./data.js";
import { cryptoFailure } from "./failure.js";
import { type Pieces, pieceError, toPieceList } from "./piece-list.js";
import { Stage } from "./stage.js";

/** Many inputs: an array, or pieces of one block of memory. */
export type Inputs = readonly Data[] | Pieces;

/** Many inputs, checked as a whole: pieces, or else a list. */
export interface Many {
  /** How many there were when the call was made; a list that becomes shorter is refused. */
  readonly count: number;
  readonly pieces: PieceList | undefined;
  readonly list: readonly unknown[];
}

/** What is to be done with many inputs. */
export interface ManyJob {
  readonly digest: Digest;
  readonly encoding: HashEncoding;
  /** Bytes of a digest in that encoding. */
  readonly width: number;
  /** Whether they are the leaves of a hash tree. */
  readonly isLeaf: boolean;
}

/** Digests that are made at a time: their text, and what they are made of, stay in the cache. */
const BATCH = 256;
const STAGE_BYTES = 32 * 1024;

/** Takes `count` digests, as `ManyJob` says, from the beginning of `bytes`. */
export type Take = (bytes: Buffer, count: number) => void;

export function manyOf(inputs: unknown): Many {
  if (Array.isArray(inputs)) return { count: inputs.length, pieces: undefined, list: inputs };
  if (typeof inputs === "object" && inputs !== null && "data" in inputs) {
    const pieces = toPieceList(inputs as Pieces);
    return { count: pieces.count, pieces, list: [] };
  }
  throw new ArgumentError(
    argumentMessage(1, "inputs", "an array of strings or bytes, or pieces", inputs),
    "ERR_INVALID_ARG_TYPE",
  );
}

/** Digests all inputs in their order, some at a time. */
export function digestMany(many: Many, job: ManyJob, take: Take): void {
  if (many.pieces === undefined) digestArray(many, job, take);
  else digestPieces(many.pieces, job, take);
}

/** The digests of some of the pieces, written to `out`. */
export function writeDigests(pieces: PieceList, first: number, job: ManyJob, out: Buffer): void {
  const { digest, isLeaf, encoding } = job;
  let refused: number;
  try {
    refused = cryptoBackend.hashPieces(digest, pieces, isLeaf, encoding, out);
  } catch (error) {
    throw isDetached(pieces.data) ? detachedError(1, "inputs.data") : cryptoFailure("hash", error);
  }
  if (refused !== ALL_HASHED) throw pieceError(pieces, refused, first);
}

/** So many pieces from one on. */
export function somePieces(pieces: PieceList, first: number, most: number): PieceList {
  const count = Math.min(most, pieces.count - first);
  const { data, offsets, recordSize } = pieces;
  return offsets === undefined
    ? { ...pieces, count, data: data.subarray(first * recordSize, (first + count) * recordSize) }
    : { ...pieces, count, offsets: offsets.subarray(first, first + count + 1) };
}

function digestPieces(pieces: PieceList, job: ManyJob, take: Take): void {
  const out = Buffer.allocUnsafeSlow(BATCH * job.width);
  for (let first = 0; first < pieces.count; first += BATCH) {
    const batch = somePieces(pieces, first, BATCH);
    writeDigests(batch, first, job, out);
    take(out, batch.count);
  }
}

function digestArray({ list, count: all }: Many, job: ManyJob, take: Take): void {
  const batch = Math.min(BATCH, all);
  const stage = new Stage(list, all, STAGE_BYTES, batch);
  const out = Buffer.allocUnsafeSlow(Math.max(1, batch) * job.width);
  for (let first = 0; first < all; ) {
    const count = stage.fill(first);
    const pieces = count === 0 ? onePiece(list[first], first) : stage.pieces;
    writeDigests(pieces, first, job, out);
    take(out, pieces.count);
    first += pieces.count;
  }
}

/** An input that is too long to be copied, in place. */
function onePiece(input: unknown, position: number): PieceList {
  const view = toInput(input, 1, "inputs", position);
  if (typeof view !== "string" && isDetached(view)) throw detachedError(1, `inputs[${position}]`);
  const data = typeof view === "string" ? Buffer.from(view) : bytesOf(view);
  return { data, offsets: undefined, recordSize: data.length, count: 1 };
}
