import { requireInteger, requireKnownOptions } from "../internal/options.js";
import {
  DefinedService,
  definitionOf,
  type Implementation,
  implementService,
  type MethodDefinition,
  type MethodsOf,
  type ServiceDefinition,
  type ServiceSource,
} from "../service/index.js";
import { generateFor, requireSeed } from "./generate-value.js";
import { type Random, randomOf } from "./random.js";

export interface FakeOptions<S> {
  /** The same seed and the same calls, the same answers. A 32-bit integer, default 1. */
  readonly seed?: number;
  /** What answers methods whose answers matter; the others give generated values. */
  readonly handlers?: Implementation<S>;
  /** How many items a generated stream has. 0 to 1,000,000, default 3. */
  readonly streamLength?: number;
}

/** A call that a fake service has got. */
export interface RecordedCall {
  readonly method: string;
  /** As a handler gets them; of a stream of items, those that have been read. */
  readonly args: readonly unknown[];
}

export interface FakeService<S> {
  /** For `createServer`, `inMemoryTransport` and `createClient`. Nothing in it is native. */
  readonly service: DefinedService<MethodsOf<S>>;
  /** In the order in which they came. */
  readonly calls: readonly RecordedCall[];
  callsOf(method: keyof MethodsOf<S> & string): readonly RecordedCall[];
  /** Forgets the calls, and begins with the seed again. */
  reset(): void;
}

/**
 * A service that answers with generated values that fit its definition, and records its calls.
 * Throws an ArgumentError for a bad option.
 */
export function fakeService<S extends ServiceSource>(
  source: S,
  options: FakeOptions<S> = {},
): FakeService<S> {
  requireKnownOptions(options, ["seed", "handlers", "streamLength"], "fakeService options");
  const { seed = 1, handlers = {}, streamLength = 3 } = options;
  requireSeed(seed);
  requireInteger(streamLength, "streamLength", 0, 1_000_000);
  const definition = withoutNative(definitionOf(source));
  const bare = new DefinedService<MethodsOf<S>>(definition, new Map());
  const own = implementService(bare, handlers as Implementation<typeof bare>).handlers;
  const calls: RecordedCall[] = [];
  let random = randomOf(seed);
  const made = Object.values(definition.methods).map((method) => {
    const settings = { label: `${definition.name}.${method.name}`, streamLength };
    const given = own.get(method.name) as Answer | undefined;
    const answer = given ?? generatedAnswer(method, () => random, settings);
    return [method.name, recorded(method, answer, calls)] as const;
  });
  const service = implementService(bare, Object.fromEntries(made) as Implementation<typeof bare>);
  return {
    service: service as DefinedService<MethodsOf<S>>,
    calls,
    callsOf: (name) => calls.filter(({ method }) => method === name),
    reset: () => {
      calls.length = 0;
      random = randomOf(seed);
    },
  };
}

type Answer = (...args: unknown[]) => unknown;

/** A native function would be called instead of the handler. */
function withoutNative(definition: ServiceDefinition): ServiceDefinition {
  const methods = Object.entries(definition.methods).map(([name, { native: _, ...method }]) => [
    name,
    { ...method, ...(method.api === "ffi" && { api: "both" }) },
  ]);
  return { ...definition, methods: Object.fromEntries(methods) };
}

function generatedAnswer(
  { result, stream }: MethodDefinition,
  random: () => Random,
  { label, streamLength }: { readonly label: string; readonly streamLength: number },
): Answer {
  const generate = (): unknown => generateFor(result, random(), `the result of ${label}`);
  if (stream === undefined) return generate;
  if (stream === "client") {
    return async (...args) => {
      await drain(args);
      return generate();
    };
  }
  return async function* (...args) {
    if (stream === "bidirectional") await drain(args);
    for (let count = 0; count < streamLength; count++) yield generate();
  };
}

async function drain(args: readonly unknown[]): Promise<void> {
  for await (const _ of args.at(-1) as AsyncIterable<unknown>);
}

function recorded(method: MethodDefinition, answer: Answer, calls: RecordedCall[]): Answer {
  if (method.items === undefined) {
    return (...args) => {
      calls.push({ method: method.name, args });
      return answer(...args);
    };
  }
  return (...args) => {
    const read: unknown[] = [];
    const items = args.at(-1) as AsyncIterable<unknown>;
    const others = args.slice(0, -1);
    calls.push({ method: method.name, args: [...others, read] });
    return answer(...others, recording(items, read));
  };
}

async function* recording(items: AsyncIterable<unknown>, read: unknown[]): AsyncGenerator<unknown> {
  for await (const item of items) {
    read.push(item);
    yield item;
  }
}
