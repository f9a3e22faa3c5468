import { readHead } from "../../internal/file-head.js";

/**
 * What a file is, told by its first bytes: loaders refuse a file of another architecture with
 * "not found", and a text file with "invalid header". Undefined if it cannot be read, or is a
 * library that this process could load.
 */
export function describeForeignFile(path: string): string | undefined {
  const head = readHead(path);
  if (head === undefined) return undefined;
  if (head.length === 0) return "is empty";
  const linked = linkerScriptTarget(head);
  if (linked !== undefined) return `is a linker's script, not a library: open "${linked}" instead`;
  const image = imageOf(head);
  if (image === undefined) {
    return isText(head) ? "is a text file, not a library" : "is not a shared library";
  }
  if (image.format !== ownFormat()) {
    return `is a library for ${FORMAT_SYSTEMS[image.format]} (${image.format}), not for this system`;
  }
  const { machine } = image;
  if (machine === undefined || machine === process.arch) return undefined;
  return `is built for ${machine}, and this process is ${process.arch}`;
}

const FORMAT_SYSTEMS = { ELF: "Linux or another Unix", "Mach-O": "macOS", PE: "Windows" } as const;

function ownFormat(): keyof typeof FORMAT_SYSTEMS {
  if (process.platform === "win32") return "PE";
  return process.platform === "darwin" ? "Mach-O" : "ELF";
}

interface Image {
  readonly format: keyof typeof FORMAT_SYSTEMS;
  /** As `process.arch` names it, or the number in the header. Undefined: of several. */
  readonly machine: string | undefined;
}

/** GNU ld installs some `lib<name>.so` as a text that names the libraries to link. */
function linkerScriptTarget(head: Buffer): string | undefined {
  const text = head.toString("latin1");
  return text.match(/^\s*(?:GROUP|INPUT)\s*\(\s*([^\s)]+)/m)?.[1];
}

/** ASCII as far as the shortest header of a library would reach. */
function isText(head: Buffer): boolean {
  const start = head.subarray(0, 64);
  return start.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d));
}

function imageOf(head: Buffer): Image | undefined {
  if (head.length < 64) return undefined;
  if (head.readUInt32BE(0) === 0x7f454c46) return { format: "ELF", machine: elfMachine(head) };
  const magic = head.readUInt32LE(0);
  if (magic === 0xfeedfacf || magic === 0xfeedface) {
    return { format: "Mach-O", machine: nameOf(MACH_CPU_TYPES, head.readUInt32LE(4)) };
  }
  if (head.readUInt32BE(0) === 0xcafebabe) return { format: "Mach-O", machine: undefined };
  if (head.toString("latin1", 0, 2) !== "MZ") return undefined;
  const header = head.readUInt32LE(60);
  if (header + 6 > head.length) return { format: "PE", machine: undefined };
  return { format: "PE", machine: nameOf(PE_MACHINES, head.readUInt16LE(header + 4)) };
}

/**
 * `e_machine`, in the byte order and with the word size of `e_ident` (System V gABI, chapter 4).
 */
function elfMachine(head: Buffer): string {
  const isBigEndian = head[5] === 2;
  const machine = isBigEndian ? head.readUInt16BE(18) : head.readUInt16LE(18);
  const name = nameOf(ELF_MACHINES, machine);
  return name === "x64" && head[4] === 1 ? "x32" : name;
}

function nameOf(names: Readonly<Record<number, string>>, machine: number): string {
  return names[machine] ?? `machine ${machine}`;
}

/** `e_machine` by the ELF registry, in the words of `process.arch`. */
const ELF_MACHINES: Readonly<Record<number, string>> = {
  3: "ia32",
  8: "mips",
  21: "ppc64",
  22: "s390x",
  40: "arm",
  62: "x64",
  183: "arm64",
  243: "riscv64",
  258: "loong64",
};

/** `Machine` by Microsoft's PE Format specification. */
const PE_MACHINES: Readonly<Record<number, string>> = {
  332: "ia32",
  452: "arm",
  34404: "x64",
  43620: "arm64",
};

/** `cputype` of <mach/machine.h>. */
const MACH_CPU_TYPES: Readonly<Record<number, string>> = {
  7: "ia32",
  16777223: "x64",
  16777228: "arm64",
};
