// One compiled batch, loaded: what calls need of it.
import { Bindings } from "./bindings.mjs";
import { pinAt, pinned } from "./kinds.mjs";
import { createRandom } from "./random.mjs";
import { Tape, Writer } from "./tape.mjs";
import { Values } from "./values.mjs";

export class Context {
  #fillers = new Map();

  constructor(ffi, batch, path) {
    this.ffi = ffi;
    /** Memory whose address C keeps, or gets as a number. */
    this.allocate = ffi.allocateShared ?? Buffer.alloc;
    this.tapes = { script: new Tape(this.allocate), record: new Tape(this.allocate) };
    this.batch = batch;
    this.values = new Values(batch.types, createRandom(batch.seed));
    const library = new ffi.DynamicLibrary(path);
    this.bindings = new Bindings(ffi, batch, library);
    const useTapes = library.getFunction("void use_tapes(void *script, void *record)");
    useTapes(this.tapes.script.memory, this.tapes.record.memory);
    pinAt(ffi.getRawPointer(pinned));
  }

  addressOf(memory) {
    return this.ffi.getRawPointer(memory);
  }

  /** A copy of C's memory. */
  memoryAt = (address, bytes) => this.ffi.toBuffer(address, bytes);

  sizeOf(type) {
    return this.ffi.sizeof(this.bindings.field(type));
  }

  /** Whether C takes the type by reference: AAPCS64, and it is no homogeneous aggregate. */
  isByReference(type) {
    return process.arch === "arm64" && this.sizeOf(type) > LONG_DOUBLE_BYTES;
  }

  /** The bytes of structs or unions, written by C. */
  image(type, list) {
    const size = this.sizeOf(type);
    const memory = Buffer.alloc(size * list.length);
    for (const [index, value] of list.entries()) {
      const script = new Writer();
      this.values.take(script, type, value, type.name);
      this.tapes.script.load(script.bytes);
      this.#filler(type.name)(memory.subarray(index * size));
    }
    return memory;
  }

  longDoubles(list) {
    const memory = Buffer.alloc(list.length * LONG_DOUBLE_BYTES);
    const view = this.ffi.array("long double", list.length).view(memory);
    for (const [index, value] of list.entries()) view.set(index, value);
    return memory;
  }

  longDouble(memory, index) {
    const count = memory.length / LONG_DOUBLE_BYTES;
    return this.ffi.array("long double", count).view(memory).at(index);
  }

  #filler(name) {
    let filler = this.#fillers.get(name);
    if (filler === undefined) {
      filler = this.bindings.library.getFunction(`void fill_${name}(void *memory)`);
      this.#fillers.set(name, filler);
    }
    return filler;
  }
}

const LONG_DOUBLE_BYTES = 16;
