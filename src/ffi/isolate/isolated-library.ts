import { LIBRARY_FLAGS } from "../../internal/binding.js";
import { splitVersion } from "../library/symbol-version.js";
import type { Helper } from "./helper.js";

/** A library as it is in one helper. */
interface Loaded {
  readonly generation: number;
  readonly handle: string;
}

/**
 * A library in helper processes: loaded in each when it is first needed there, and once more after
 * each new start.
 */
export class IsolatedLibrary {
  readonly #loaded = new Map<Helper, Loaded>();
  #isClosed = false;

  constructor(
    private readonly path: string | null,
    private readonly flags: number,
    private readonly loadTimeoutMs: number,
  ) {}

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** From here on it is not loaded again. */
  markClosed(): void {
    this.#isClosed = true;
  }

  /** The handle in a helper. */
  load(helper: Helper): string {
    const { process } = helper;
    process.require();
    const known = this.#loaded.get(helper);
    if (known?.generation === process.generation) return known.handle;
    const has = (flag: number) => (this.flags & flag) !== 0;
    const { handle } = process.request(
      {
        cmd: "load",
        path: this.path,
        global: has(LIBRARY_FLAGS.global),
        lazy: has(LIBRARY_FLAGS.lazy),
        no_delete: has(LIBRARY_FLAGS.noDelete),
        deep_bind: has(LIBRARY_FLAGS.deepBind),
      },
      { limitMs: this.loadTimeoutMs, what: `loading ${this.path ?? "the helper itself"}` },
    );
    this.#loaded.set(helper, { generation: process.generation, handle: String(handle) });
    return String(handle);
  }

  /** The address of a symbol in a helper. */
  find(helper: Helper, name: string, version?: string): bigint {
    const handle = this.load(helper);
    const versioned = version === undefined ? {} : { version };
    const { address } = helper.process.request({ cmd: "address", handle, name, ...versioned });
    return BigInt(String(address));
  }

  /** The address of a symbol that may say its version: `name@VERSION`. */
  findNamed(helper: Helper, symbol: string): bigint {
    const { name, version } = splitVersion(symbol);
    return this.find(helper, name, version);
  }

  /** Gives it back in each helper that has it. */
  unload(): void {
    for (const [{ process }, { generation, handle }] of this.#loaded) {
      const isThere = process.isRunning && process.generation === generation;
      if (isThere) process.request({ cmd: "unload", handle });
    }
    this.#loaded.clear();
  }
}
