import { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import type { HelperProcess } from "./helper-process.js";

/** The smallest page of the systems there are: memory is there or not in units of at least this. */
const PAGE = 4096;

/**
 * The helper's memory by address. It is read without the helper's help where the system allows
 * that, and otherwise copied there by the system: an address that is none is an error here instead
 * of a crash there.
 */
export class HelperMemory {
  #isOutOfReach = false;

  constructor(
    private readonly binding: NativeBinding,
    private readonly process: HelperProcess,
  ) {}

  /** Fills the view. */
  read(address: bigint, target: ArrayBufferView): void {
    const count = this.#directly("readHelper", address, target) ?? this.#peek(address, target);
    if (count < target.byteLength) throw badAddress(address + BigInt(count));
  }

  write(address: bigint, source: ArrayBufferView): void {
    const count = this.#directly("writeHelper", address, source) ?? this.#poke(address, source);
    if (count < source.byteLength) throw badAddress(address + BigInt(count));
  }

  /** Undefined where this process may not. */
  #directly(
    way: "readHelper" | "writeHelper",
    address: bigint,
    view: ArrayBufferView,
  ): number | undefined {
    const handle = this.#handle;
    if (this.#isOutOfReach) return undefined;
    try {
      return this.binding.isolate[way](handle, address, view);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "NOT_SUPPORTED")) {
        throw error;
      }
      this.#isOutOfReach = true;
      return undefined;
    }
  }

  #peek(address: bigint, target: ArrayBufferView): number {
    const { byteLength: length } = target;
    const answer = this.process.request({ cmd: "peek", address: String(address), length });
    const found = Buffer.from(String(answer.data), "base64");
    return found.copy(bytesOf(target));
  }

  #poke(address: bigint, source: ArrayBufferView): number {
    const data = bytesOf(source).toString("base64");
    const answer = this.process.request({ cmd: "poke", address: String(address), data });
    return Number(answer.length);
  }

  /** An address is one of the helper that runs: none is started for it. */
  get #handle(): number {
    if (!this.process.isRunning) throw this.process.lastError();
    return this.process.handle;
  }

  /** The NUL-terminated UTF-8 text at an address. */
  readString(address: bigint): string {
    const parts: Uint8Array[] = [];
    for (let at = address; ; ) {
      const part = new Uint8Array(PAGE - Number(at % BigInt(PAGE)));
      this.read(at, part);
      const end = part.indexOf(0);
      parts.push(end < 0 ? part : part.subarray(0, end));
      if (end >= 0) return Buffer.concat(parts).toString("utf8");
      at += BigInt(part.byteLength);
    }
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function badAddress(address: bigint): NativeError {
  return new NativeError(
    "ERR_FFI_INVALID_POINTER",
    `the helper process has no memory at 0x${address.toString(16)} that can be used so`,
  );
}
