// Sizes, alignments and offsets beside the C compiler's.

const BYTES = 8;

/** In words, what differs. */
export function layoutProblems(context) {
  return Object.values(context.batch.types).flatMap((type) => {
    if (type.kind !== "aggregate") return [];
    return ["declared", "constructed"].flatMap((style) => problemsOf(context, type, style));
  });
}

function problemsOf({ ffi, bindings, memoryAt }, described, style) {
  const { name } = described;
  const type = bindings.type({ kind: "aggregate", name }, style);
  const paths = offsetPaths(described);
  const address = bindings.library.getSymbol(`layout_${name}`);
  const bytes = memoryAt(address, (paths.length + 2) * BYTES);
  const compilers = Array.from({ length: paths.length + 2 }, (_, index) =>
    Number(bytes.readBigUint64LE(index * BYTES)),
  );
  const ours = [
    ffi.sizeof(type),
    ffi.alignof(type),
    ...paths.map((path) => ffi.offsetof(type, path)),
  ];
  const labels = ["sizeof", "alignof", ...paths.map((path) => `offsetof .${path} in`)];
  return labels.flatMap((label, index) => {
    if (ours[index] === compilers[index]) return [];
    return [`${label} ${name} (${style}) is ${ours[index]}, C's is ${compilers[index]}`];
  });
}

/** The fields that C's offsetof takes, in the order of the C source's `layout_` tables. */
export function offsetPaths({ fields }) {
  return fields
    .filter(({ isAnonymous, bits }) => !isAnonymous && bits === undefined)
    .map(({ name }) => name);
}
