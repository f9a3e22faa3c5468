import { absorb, SMALL_BYTES } from "./absorb.js";
import { ALL_HASHED, type PieceList } from "./backend.js";
import { cryptoBackend } from "./current-backend.js";
import { type Data, detachedError, isDetached, toInput } from "./data.js";
import { checked, checkedLater } from "./failure.js";
import { type Many, type ManyJob, somePieces, writeDigests } from "./many.js";
import { pieceAt, pieceError } from "./piece-list.js";
import { Stage } from "./stage.js";
import { nextTurn, TURN_BYTES } from "./turns.js";

/** What stands before a leaf of a hash tree (RFC 9162, section 2.1.1). */
const LEAF_PREFIX = Uint8Array.of(0);

/** Inputs that are copied at a time, which takes this thread some hundred microseconds. */
const STAGE_PIECES = 4096;
const STAGE_BYTES = 512 * 1024;

/**
 * Copies, and long inputs, that the pool has at a time: while it hashes some, others are copied.
 */
const LANES = 4;

/** What a piece costs besides its bytes, in bytes: so that turns of tiny pieces stay short. */
const PIECE_BYTES = 128;

/**
 * Writes the digests of all inputs to `out`, as bytes, without holding up the event loop: by all
 * threads of the pool or, where there is none, in short turns on this one.
 */
export async function digestManyInBackground(
  many: Many,
  job: ManyJob,
  out: Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (many.pieces === undefined) await digestArray(many, job, out, signal);
  else await digestPieces(many.pieces, 0, job, out, signal);
}

async function digestArray(
  { list, count: all }: Many,
  job: ManyJob,
  out: Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  const room = Math.min(STAGE_PIECES, all);
  const stages: Stage[] = [];
  const lanes: Promise<void>[] = [];
  for (let first = 0, turn = 0; first < all; turn++) {
    const lane = turn % LANES;
    await lanes[lane];
    signal?.throwIfAborted();
    const stage = stages[lane] ?? new Stage(list, all, STAGE_BYTES, room);
    stages[lane] = stage;
    const count = stage.fill(first);
    const place = out.subarray(first * job.width);
    const running =
      count === 0
        ? digestLong(list[first], first, job, place, signal)
        : digestPieces(stage.pieces, first, job, place, signal);
    running.catch(() => undefined); // It is awaited when the lane is wanted again, or below.
    lanes[lane] = running;
    first += Math.max(1, count);
    await nextTurn(signal);
  }
  await Promise.all(lanes);
}

/** An input of an array that is too long to be copied. */
async function digestLong(
  data: unknown,
  position: number,
  job: ManyJob,
  out: Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = `inputs[${position}]`;
  await digestOne(toInput(data, 1, "inputs", position), name, job, out, signal);
}

async function digestOne(
  data: Data & Parameters<typeof absorb>[1],
  name: string,
  { digest, isLeaf }: ManyJob,
  out: Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  const state = checked("hash", () => cryptoBackend.createState(digest));
  if (isLeaf) checked("hash", () => state.update(LEAF_PREFIX));
  await absorb(state, data, { index: 1, name }, signal);
  checked("hash", () => state.finish(out));
}

/** `first` is how many pieces came before these. */
async function digestPieces(
  pieces: PieceList,
  first: number,
  job: ManyJob,
  out: Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { data } = pieces;
  const { length } = data;
  const isSmall = length + pieces.count * PIECE_BYTES <= SMALL_BYTES;
  const running = isSmall
    ? undefined
    : cryptoBackend.hashPiecesInBackground(job.digest, pieces, job.isLeaf, out);
  if (running === undefined) return await digestInTurns(pieces, first, job, out, signal);
  const refused = await checkedLater("hash", running);
  signal?.throwIfAborted();
  if (data.length !== length || isDetached(data)) throw detachedError(1, "inputs.data");
  if (refused !== ALL_HASHED) throw pieceError(pieces, refused, first);
}

async function digestInTurns(
  pieces: PieceList,
  base: number,
  job: ManyJob,
  out: Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let first = 0; first < pieces.count; ) {
    const count = piecesOfTurn(pieces, first);
    const place = out.subarray(first * job.width);
    const piece = pieceAt(pieces, first);
    if (piece !== undefined && piece.length > TURN_BYTES) {
      await digestOne(piece, "inputs.data", job, place, signal);
    } else {
      writeDigests(somePieces(pieces, first, count), base + first, job, place);
    }
    first += count;
    if (first < pieces.count) await nextTurn(signal);
    if (isDetached(pieces.data)) throw detachedError(1, "inputs.data");
  }
}

/** How many pieces make a turn; one that is refused ends it. */
function piecesOfTurn(pieces: PieceList, first: number): number {
  let bytes = 0;
  let last = first;
  do {
    bytes += (pieceAt(pieces, last)?.length ?? TURN_BYTES) + PIECE_BYTES;
    last++;
  } while (bytes < TURN_BYTES && last < pieces.count);
  return last - first;
}
