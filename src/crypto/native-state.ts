import type { DigestBinding, NativeHasher } from "../internal/crypto-binding.js";
import type { Digest, HashState } from "./backend.js";
import { type Input, refuseDetached, type View } from "./data.js";

/** Hashers that are kept for the next user at most. */
const MAX_FREE = 64;

/** Owns a hasher: once nobody has it, the hasher is released. */
interface Token {
  readonly hasher: NativeHasher;
}

/** What all states of one environment have in common. */
export interface StateContext {
  readonly binding: DigestBinding;
  /** Writes to `request`. */
  want(digest: Digest): void;
  /** Before the first work in the background. */
  preparePool(): void;
}

/** Makes the states of one environment: hashers that are finished serve again. */
export class NativeStates {
  readonly context: StateContext;
  readonly #free: Token[] = [];
  readonly #registry: FinalizationRegistry<NativeHasher>;

  constructor(context: StateContext) {
    this.context = context;
    this.#registry = new FinalizationRegistry((hasher) => context.binding.releaseHasher(hasher));
  }

  create(digest: Digest, key: Input | undefined): HashState {
    if (key !== undefined) refuseDetached(key);
    const { binding, want } = this.context;
    want(digest);
    const token = this.#free.pop();
    if (token === undefined) return this.adopt(digest, binding.createHasher(key));
    binding.restartHasher(token.hasher, key);
    return new NativeState(digest, this, token);
  }

  adopt(digest: Digest, hasher: NativeHasher): HashState {
    const token = { hasher };
    this.#registry.register(token, hasher);
    return new NativeState(digest, this, token);
  }

  giveBack(token: Token): void {
    if (this.#free.length < MAX_FREE) this.#free.push(token);
  }
}

class NativeState implements HashState {
  readonly #digest: Digest;
  readonly #states: NativeStates;
  readonly #token: Token;

  constructor(digest: Digest, states: NativeStates, token: Token) {
    this.#digest = digest;
    this.#states = states;
    this.#token = token;
  }

  update(data: Input): void {
    if (typeof data !== "string" && data.byteLength === 0) refuseDetached(data);
    this.#states.context.binding.updateHasher(this.#token.hasher, data);
  }

  finish(out: View): void {
    const { binding, want } = this.#states.context;
    want(this.#digest);
    binding.finishHasher(this.#token.hasher, out);
    this.#states.giveBack(this.#token);
  }

  copy(): HashState {
    const hasher = this.#states.context.binding.copyHasher(this.#token.hasher);
    return this.#states.adopt(this.#digest, hasher);
  }

  updateInBackground(bytes: Uint8Array): Promise<unknown> | undefined {
    if (!isPinnable(bytes)) return undefined;
    this.#states.context.preparePool();
    return this.#states.context.binding.updateInBackground(this.#token.hasher, bytes);
  }

  updateFromFile(descriptor: number, position: number, length: number): Promise<number> {
    const { binding, preparePool } = this.#states.context;
    preparePool();
    return binding.updateFromFile(this.#token.hasher, descriptor, position, length);
  }
}

/** A resizable buffer gives memory back when it shrinks, whoever reads it. */
export function isPinnable(view: View): boolean {
  return !("resizable" in view.buffer && view.buffer.resizable === true);
}
