/** As much of DER (X.690) as the wrapping of keys takes. */
export const TAGS = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
} as const;

/**
 * Zeroed memory for what may be a secret: neither of Buffer's pool nor in V8's heap, where small
 * arrays are, and whose collections leave copies of them behind.
 */
export function secretBuffer(size: number): Buffer {
  return Buffer.from(new ArrayBuffer(size));
}

/** An element, in memory of its own: its owner may have to zero it. */
export function derElement(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  const header = Buffer.from([tag, ...derLength(length)]);
  const element = secretBuffer(header.length + length);
  element.set(header);
  let offset = header.length;
  for (const part of contents) {
    element.set(part, offset);
    offset += part.length;
  }
  return element;
}

/** The elements inside a constructed one, in place. What is cut short has no elements. */
export function derElements(contents: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let offset = 0; offset < contents.length; ) {
    const [start, end] = contentRange(contents, offset);
    if (end > contents.length) return [];
    found.push(contents.subarray(start, end));
    offset = end;
  }
  return found;
}

/** The contents of the element that the bytes begin with. */
export function derContents(bytes: Buffer): Buffer {
  return derElements(bytes)[0] ?? bytes.subarray(0, 0);
}

function derLength(length: number): number[] {
  if (length < 0x80) return [length];
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) digits.unshift(rest & 0xff);
  return [0x80 | digits.length, ...digits];
}

function contentRange(bytes: Buffer, offset: number): [start: number, end: number] {
  const first = bytes[offset + 1] ?? 0;
  if (first < 0x80) return [offset + 2, offset + 2 + first];
  const digits = first & 0x7f;
  const start = offset + 2 + digits;
  let length = 0;
  for (let index = offset + 2; index < start; index++) length = length * 256 + (bytes[index] ?? 0);
  return [start, start + length];
}
