/** Bodies as they travel where both sides compress. */

export function compress(body: string | Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zlib().gzip(body, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
  });
}

/** Refuses, with an error that has the code ERR_BUFFER_TOO_LARGE, what is longer than it may be. */
export function decompress(body: Uint8Array, maxOutputLength: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zlib().gunzip(body, { maxOutputLength }, (error, bytes) =>
      error === null ? resolve(bytes) : reject(error),
    );
  });
}

function zlib(): typeof import("node:zlib") {
  return process.getBuiltinModule("node:zlib");
}
