import { ALL_HASHED, type Digest, type DigestBackend, type HashState } from "./backend.js";
import { bytesOf, type Input, refuseDetached, type View } from "./data.js";
import { nodeCrypto } from "./node-crypto.js";
import { pieceAt } from "./piece-list.js";

/** RFC 9162, section 2.1.1: what stands before a leaf and before a node of a hash tree. */
const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

/** Digests by `node:crypto`. It has no threads to lend: nothing happens in the background. */
export const nodeDigests: DigestBackend = {
  fetchDigest(name, size, blockSize, extendable) {
    const digest = { name, size, blockSize, extendable, index: 0 };
    try {
      incremental(digest);
      return digest;
    } catch {
      return undefined;
    }
  },

  hash(digest, data, encoding) {
    refuseDetached(data);
    return digest.extendable
      ? incremental(digest).update(data).digest(encoding)
      : nodeCrypto().hash(digest.name, data, encoding);
  },

  hashInto(digest, data, out) {
    refuseDetached(data);
    write(incremental(digest).update(data).digest(), out);
  },

  hmacInto(digest, key, data, out) {
    refuseDetached(key);
    refuseDetached(data);
    write(nodeCrypto().createHmac(digest.name, key).update(data).digest(), out);
  },

  createState(digest, key) {
    if (key === undefined) return stateOf(incremental(digest));
    refuseDetached(key);
    return keyedState(digest, key);
  },

  hashPieces(digest, pieces, isLeaf, encoding, out) {
    let position = 0;
    for (let index = 0; index < pieces.count; index++) {
      const piece = pieceAt(pieces, index);
      if (piece === undefined) return index;
      const state = incremental(digest);
      if (isLeaf) state.update(LEAF_PREFIX);
      const value = state.update(piece).digest();
      if (encoding === "buffer") {
        out.set(value, position);
        position += value.length;
      } else {
        position += out.write(value.toString(encoding), position, "latin1");
      }
    }
    return ALL_HASHED;
  },

  reduceTree(digest, digests, count) {
    const { size } = digest;
    for (let nodes = count; nodes > 1; nodes = (nodes + 1) >> 1) {
      for (let index = 0; index + 1 < nodes; index += 2) {
        const children = digests.subarray(index * size, (index + 2) * size);
        const node = incremental(digest).update(NODE_PREFIX).update(children).digest();
        digests.set(node, (index >> 1) * size);
      }
      const last = (nodes - 1) * size;
      if (nodes % 2 === 1) digests.copyWithin((nodes >> 1) * size, last, last + size);
    }
  },

  hashPiecesInBackground: () => undefined,
  reduceTreeInBackground: () => undefined,
};

/** From OpenSSL 3.4 on an extendable output has no length of its own, so it is always named. */
function incremental({ name, size, extendable }: Digest) {
  return nodeCrypto().createHash(name, extendable ? { outputLength: size } : undefined);
}

function write(value: Buffer, out: View): void {
  refuseDetached(out);
  bytesOf(out).set(value);
}

type NodeHash = import("node:crypto").Hash;

function stateOf(running: NodeHash, outer?: NodeHash): HashState {
  return {
    update(data) {
      refuseDetached(data);
      running.update(data);
    },
    finish(out) {
      const value = running.digest();
      write(outer === undefined ? value : outer.update(value).digest(), out);
    },
    copy: () => stateOf(running.copy(), outer?.copy()),
    updateInBackground: () => undefined,
    updateFromFile: () => undefined,
  };
}

/** HMAC of two digests (RFC 2104, section 2): that of `node:crypto` cannot be copied. */
function keyedState(digest: Digest, key: Input): HashState {
  const block = Buffer.alloc(digest.blockSize);
  const bytes = typeof key === "string" ? Buffer.from(key) : bytesOf(key);
  block.set(bytes.length > block.length ? incremental(digest).update(bytes).digest() : bytes);
  const padded = (pad: number) => block.map((byte) => byte ^ pad);
  const inner = incremental(digest).update(padded(0x36));
  const outer = incremental(digest).update(padded(0x5c));
  block.fill(0);
  return stateOf(inner, outer);
}
