import { writeFileSync } from "node:fs";

/**
 * Writes the head of an ELF program of 64 bits with one program header, which names its loader
 * (`type` 3, PT_INTERP); `bytes` cuts the file short. (System V gABI, chapters 4 and 5.)
 */
export function writeProgram(path: string, loader: string, { type = 3, bytes = 4096 } = {}): void {
  const image = Buffer.alloc(4096);
  image.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  image.writeBigUInt64LE(64n, 32);
  image.writeUInt16LE(56, 54);
  image.writeUInt16LE(1, 56);
  image.writeUInt32LE(type, 64);
  image.writeBigUInt64LE(512n, 72);
  image.writeBigUInt64LE(BigInt(loader.length + 1), 96);
  image.write(`${loader}\0`, 512, "latin1");
  writeFileSync(path, image.subarray(0, bytes));
}
