// What JavaScript and C tell each other: a count of bytes, then the bytes. One tape is the script,
// what C is to return and to pass; the other the record, what C saw.

export const TAPE_BYTES = 1 << 17;
const HEADER_BYTES = 8;
const SHOWN_BYTES = 32;

/** The memory that C reads or writes. */
export class Tape {
  constructor(allocate) {
    this.memory = allocate(HEADER_BYTES + TAPE_BYTES);
  }

  /** Has C begin at the start, with these bytes. */
  load(bytes) {
    this.memory.writeBigUint64LE(0n, 0);
    this.memory.set(bytes, HEADER_BYTES);
  }

  /** What C wrote, or has read. */
  get bytes() {
    const length = Number(this.memory.readBigUint64LE(0));
    return this.memory.subarray(HEADER_BYTES, HEADER_BYTES + length);
  }
}

/** Bytes in the order that C reads or writes them, with the places they belong to. */
export class Writer {
  #memory = new DataView(new ArrayBuffer(TAPE_BYTES));
  #length = 0;
  #marks = [];

  put(size, write, path) {
    this.#marks.push([this.#length, path]);
    write(this.#memory, this.#length);
    this.#length += size;
  }

  byte(value, path) {
    this.put(1, (view, at) => view.setUint8(at, value), path);
  }

  get bytes() {
    return new Uint8Array(this.#memory.buffer, 0, this.#length);
  }

  /** The first difference to what there is, in words; undefined if there is none. */
  difference(found) {
    const { bytes } = this;
    const different = bytes.findIndex((byte, index) => byte !== found[index]);
    if (different < 0 && found.length === bytes.length) return undefined;
    const at = different < 0 ? bytes.length : different;
    const [start, path] = this.#marks.findLast(([from]) => from <= at) ?? [0, "the start"];
    const hex = (from) => Buffer.from(from.subarray(start, start + SHOWN_BYTES)).toString("hex");
    return `C saw at byte ${at - start} of ${path} ${hex(found)}, not ${hex(bytes)}`;
  }
}
