import { defineService, ServiceError, t } from "../../../src/index.js";
import { callContext } from "../../../src/server/index.js";

/** What the service did, for tests to look at; a service and its tests share a process. */
export class Journal {
  readonly entries: string[] = [];
  private readonly waiting: (() => void)[] = [];

  note(entry: string): void {
    this.entries.push(entry);
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** Waits until there is such an entry. */
  async until(entry: string): Promise<void> {
    while (!this.entries.includes(entry)) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }
}

/** Values that contain one another, by name; handlers give them as results. */
export const SHAPES = {
  shallow: () => chain(3),
  deepest: () => chain(500),
  tooDeep: () => chain(501),
  endless: () => {
    const tree: Tree = { children: [] };
    tree.children?.push(tree);
    return tree;
  },
} as const satisfies Record<string, () => Tree>;

export interface Tree {
  child?: Tree;
  children?: Tree[];
  /** For which calls travel as CBOR, from the second one on. */
  bytes?: Uint8Array;
}

const TREE = t.recursive<Tree>("Tree", (tree) =>
  t.object({
    child: t.optional(tree),
    children: t.optional(t.array(tree)),
    bytes: t.optional(t.bytes()),
  }),
);

function chain(levels: number): Tree {
  let tree: Tree = {};
  for (let level = 1; level < levels; level++) tree = { child: tree };
  return tree;
}

/** The service of the contract: every pattern, every kind of value, every way to end. */
export function contractService(journal: Journal) {
  return defineService({
    name: "Contract",
    methods: {
      echo: {
        parameters: [
          t.param("value", t.object({ id: t.int64(), at: t.datetime(), bytes: t.bytes() })),
        ],
        result: t.object({ id: t.int64(), at: t.datetime(), bytes: t.bytes() }),
        handler: (value) => value,
      },
      greet: {
        parameters: [
          t.param("name", t.string()),
          t.param("greeting", t.optional(t.string({ default: "Hello" }))),
        ],
        result: t.string(),
        handler: async (name, greeting) => `${greeting}, ${name}`,
      },
      twice: {
        parameters: [t.param("n", t.int64())],
        result: t.int64(),
        handler: (n) => n * 2n,
      },
      tree: {
        parameters: [t.param("tree", TREE)],
        result: TREE,
        handler: (tree) => tree,
      },
      anything: { parameters: [t.param("value", t.any())], result: t.any(), handler: (v) => v },
      grow: {
        parameters: [t.param("shape", t.enum(["shallow", "deepest", "tooDeep", "endless"]))],
        result: TREE,
        handler: (shape) => SHAPES[shape](),
      },
      trees: {
        parameters: [t.param("trees", t.stream(TREE))],
        result: t.stream(TREE),
        handler: (trees) => trees,
      },
      growAll: {
        parameters: [t.param("shape", t.enum(["shallow", "deepest", "tooDeep", "endless"]))],
        result: t.stream(t.any()),
        handler: async function* (shape) {
          yield SHAPES[shape]();
        },
      },
      /** What the handler gets for bytes and data, whatever the caller has them in. */
      kinds: {
        parameters: [t.param("bytes", t.bytes()), t.param("data", t.data())],
        result: t.array(t.string()),
        handler: (...given) => given.map((each) => Object.prototype.toString.call(each)),
      },
      /** JavaScript lets a handler answer so; the caller is promised a bigint, and bytes. */
      loose: { parameters: [], result: t.int64(), handler: () => 5 as unknown as bigint },
      looseBytes: {
        parameters: [],
        result: t.bytes(),
        handler: () => new DataView(new ArrayBuffer(4), 1, 2) as unknown as Uint8Array,
      },
      options: {
        parameters: [t.param("options", t.object({ size: t.optional(t.uint8()) }))],
        result: t.null(),
        handler: () => null,
      },
      counts: {
        parameters: [t.param("counts", t.map(t.uint8()))],
        result: t.null(),
        handler: () => null,
      },
      wrong: {
        parameters: [],
        result: t.string(),
        // What a JavaScript handler may do, whatever its types say.
        handler: () => 5 as unknown as string,
      },
      fail: {
        parameters: [t.param("code", t.string())],
        result: t.null(),
        handler: async (code) => {
          throw new ServiceError(code as "ABORTED", `failed with ${code}`);
        },
      },
      crash: {
        parameters: [],
        result: t.null(),
        handler: () => {
          throw new Error("a secret of the handler");
        },
      },
      never: {
        parameters: [],
        result: t.null(),
        handler: () => untilAborted(journal, "never"),
      },
      count: {
        parameters: [t.param("n", t.uint32()), t.param("failAfter", t.optional(t.uint32()))],
        result: t.stream(t.uint32()),
        handler: async function* (n, failAfter) {
          let given = 0;
          try {
            for (let i = 1; i <= n; i++) {
              if (i === (failAfter ?? n) + 1) throw new ServiceError("ABORTED", "enough");
              given = i;
              yield i;
            }
          } finally {
            journal.note(`count ended at ${given}`);
          }
        },
      },
      ticks: {
        parameters: [],
        result: t.stream(t.string()),
        handler: async function* () {
          const { signal } = callContext();
          signal.addEventListener("abort", () => journal.note("ticks aborted"));
          try {
            yield "tick";
            await new Promise((resolve) => signal.addEventListener("abort", resolve));
          } finally {
            journal.note("ticks ended");
          }
        },
      },
      silence: {
        parameters: [],
        result: t.stream(t.null()),
        // biome-ignore lint/correctness/useYield: a stream that never has an item
        handler: async function* () {
          await untilAborted(journal, "silence");
        },
      },
      sum: {
        parameters: [t.param("start", t.int64()), t.param("numbers", t.stream(t.int64()))],
        result: t.int64(),
        handler: async (start, numbers) => {
          let total = start;
          for await (const n of numbers) total += n;
          return total;
        },
      },
      take: {
        parameters: [t.param("n", t.uint32()), t.param("words", t.stream(t.string()))],
        result: t.array(t.string()),
        handler: async (n, words) => {
          const taken: string[] = [];
          if (n === 0) return taken;
          for await (const word of words) {
            taken.push(word);
            if (taken.length === n) break;
          }
          return taken;
        },
      },
      chat: {
        parameters: [t.param("name", t.string()), t.param("lines", t.stream(t.string()))],
        result: t.stream(t.string()),
        handler: async function* (name, lines) {
          try {
            for await (const line of lines) {
              if (line === "bye") return;
              if (line === "fail") throw new ServiceError("DATA_LOSS", "no more");
              yield `${name}: ${line}`;
            }
          } finally {
            journal.note("chat ended");
          }
        },
      },
      resume: {
        parameters: [t.param("n", t.uint32())],
        result: t.stream(t.uint32()),
        resumable: true,
        handler: async function* (n) {
          const after = callContext().resumeAfter ?? 0;
          for (let i = after + 1; i <= n; i++) yield i;
        },
      },
      add: {
        parameters: [t.param("key", t.string()), t.param("waitMs", t.uint32())],
        result: t.string(),
        handler: async (key, waitMs) => {
          journal.note(`add ${key}`);
          if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
          if (key === "busy") throw new ServiceError("UNAVAILABLE", "busy");
          return `${key} ${journal.entries.filter((entry) => entry === `add ${key}`).length}`;
        },
      },
      metadata: {
        parameters: [t.param("name", t.string())],
        result: t.union([t.string(), t.null()]),
        handler: (name) => {
          const value = callContext().headers[name];
          return typeof value === "string" ? value : null;
        },
      },
    },
  });
}

async function untilAborted(journal: Journal, name: string): Promise<null> {
  const { signal } = callContext();
  journal.note(`${name} began`);
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  journal.note(`${name} aborted`);
  return null;
}

export type ContractService = ReturnType<typeof contractService>;
