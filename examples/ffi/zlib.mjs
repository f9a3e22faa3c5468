// zlib: one-shot compression with a length in and out, a checksum of many values in one crossing,
// and a stream whose state is a C struct that JavaScript and C both work on.
//   node examples/ffi/zlib.mjs
import { cdef, sizeof } from "nearfar/ffi";
import { openLibrary } from "./support.mjs";

// From zlib.h and zconf.h, as it stands there.
const header = cdef(
  `
  typedef unsigned char  Byte;
  typedef unsigned int   uInt;
  typedef unsigned long  uLong;
  typedef Byte  FAR Bytef;
  typedef uLong FAR uLongf;
  typedef void FAR *voidpf;
  typedef voidpf (*alloc_func) (voidpf opaque, uInt items, uInt size);
  typedef void   (*free_func)  (voidpf opaque, voidpf address);

  typedef struct z_stream_s {
      const Bytef *next_in;     /* next input byte */
      uInt     avail_in;  /* number of bytes available at next_in */
      uLong    total_in;  /* total number of input bytes read so far */

      Bytef    *next_out; /* next output byte will go here */
      uInt     avail_out; /* remaining free space at next_out */
      uLong    total_out; /* total number of bytes output so far */

      const char *msg;  /* last error message, NULL if no error */
      struct internal_state FAR *state; /* not visible by applications */

      alloc_func zalloc;  /* used to allocate the internal state */
      free_func  zfree;   /* used to free the internal state */
      voidpf     opaque;  /* private data object passed to zalloc and zfree */

      int     data_type;  /* best guess about the data type: binary or text */
      uLong   adler;      /* Adler-32 or CRC-32 value of the uncompressed data */
      uLong   reserved;   /* reserved for future use */
  } z_stream;
  typedef z_stream FAR *z_streamp;

  #define Z_NO_FLUSH      0
  #define Z_OK            0
  #define Z_STREAM_END    1
  #define Z_DATA_ERROR   (-3)
  #define Z_BEST_COMPRESSION 9

  ZEXTERN const char * ZEXPORT zlibVersion(void);
  ZEXTERN uLong ZEXPORT compressBound(uLong sourceLen);
  ZEXTERN int ZEXPORT compress2(Bytef *dest, uLongf *destLen,
                                const Bytef *source, uLong sourceLen, int level);
  ZEXTERN int ZEXPORT uncompress(Bytef *dest, uLongf *destLen,
                                 const Bytef *source, uLong sourceLen);
  ZEXTERN uLong ZEXPORT crc32(uLong crc, const Bytef *buf, uInt len);
  ZEXTERN uLong ZEXPORT crc32_combine(uLong crc1, uLong crc2, long len2);
  ZEXTERN const char * ZEXPORT zError(int);

  ZEXTERN int ZEXPORT inflateInit_(z_streamp strm, const char *version, int stream_size);
  ZEXTERN int ZEXPORT inflate(z_streamp strm, int flush);
  ZEXTERN int ZEXPORT inflateEnd(z_streamp strm);
`,
  { ignore: ["FAR", "ZEXTERN", "ZEXPORT"] },
);

const names = { linux: "libz.so.1", darwin: "libz.dylib", win32: "zlib1.dll" };
// Node has a zlib in it, too, which on Linux would be the one that this library's functions call.
const options = { deepBind: process.platform === "linux" };
const zlib = openLibrary(names, "zlib1g", options).getFunctions(header);
const C = header.constants;

function check(code) {
  if (code < C.Z_OK) throw new Error(zlib.zError(code));
  return code;
}

/** The Buffer, shrunk to what C wrote into it. */
function compress(data) {
  const target = Buffer.alloc(Number(zlib.compressBound(data.length)));
  const length = [target.length]; // uLongf *destLen: the room there is, then the bytes written
  check(zlib.compress2(target, length, data, data.length, C.Z_BEST_COMPRESSION));
  return target.subarray(0, Number(length[0]));
}

function uncompress(data, size) {
  const target = Buffer.alloc(size);
  const length = [size];
  check(zlib.uncompress(target, length, data, data.length));
  return target.subarray(0, Number(length[0]));
}

/** Inflates piece by piece, as data comes in, through 64 bytes of output space. */
function* inflate(pieces) {
  const { z_stream } = header.types;
  const stream = z_stream.view(); // memory of its own, all zeros, which C keeps a pointer to
  check(zlib.inflateInit_(stream, zlib.zlibVersion(), sizeof(z_stream)));
  const output = Buffer.alloc(64);
  try {
    for (const piece of pieces) {
      stream.next_in = piece; // the view keeps the Buffer alive
      stream.avail_in = piece.length;
      do {
        stream.next_out = output;
        stream.avail_out = output.length;
        const code = check(zlib.inflate(stream, C.Z_NO_FLUSH));
        yield output.toString("latin1", 0, output.length - stream.avail_out);
        if (code === C.Z_STREAM_END) return;
      } while (stream.avail_out === 0);
    }
  } finally {
    zlib.inflateEnd(stream);
  }
}

const text = Buffer.from("A foreign function is still a function. ".repeat(50));
const small = compress(text);
console.log("compressed", text.length, "to", small.length);
console.log("the same again", uncompress(small, text.length).equals(text));

const pieces = [small.subarray(0, 20), small.subarray(20, 40), small.subarray(40)];
const inflated = [...inflate(pieces)];
console.log("in pieces of 64", inflated.length, inflated.join("") === text.toString());

const crc32 = (word) => zlib.crc32(0, Buffer.from(word), word.length);
console.log("crc32", crc32("nearfar").toString(16));
// One crossing for a column of checksums: each is continued by the checksum of three more bytes.
const starts = ["near", "very ", "too "];
const wholes = zlib.crc32_combine.map([BigUint64Array.from(starts, crc32), crc32("far"), 3]);
console.log("combined", starts.map((start, row) => wholes[row] === crc32(`${start}far`)).join(" "));

try {
  uncompress(text, 10);
} catch (error) {
  console.log("not compressed:", error.message);
}
