/**
 * What must compile and what must not. Nothing here runs: `npm run check:types` is the test, and an
 * unused `@ts-expect-error` fails it.
 */
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import {
  api,
  createClient,
  defineService,
  type Infer,
  method,
  native,
  nativeOnly,
  type ServiceClient,
  t,
} from "../../src/index.js";
import { CryptoService } from "../../src/services/index.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Equal<A, B>): void {}

// Schemas
const order = t.object({
  id: t.uint64(),
  note: t.optional(t.string()),
  kind: t.enum(["buy", "sell"]),
  payload: t.union([t.bytes(), t.null()]),
  tags: t.array(t.string()),
  extra: t.map(t.number()),
});
same<
  Infer<typeof order>,
  {
    id: bigint;
    kind: "buy" | "sell";
    payload: Uint8Array | null;
    tags: string[];
    extra: Record<string, number>;
    note?: string;
  }
>(true);

// The built-in service
const crypto = createClient(CryptoService, { baseUrl: "http://127.0.0.1:3000" });
same<Awaited<ReturnType<typeof crypto.hash_data>>, string>(true);
same<Awaited<ReturnType<typeof crypto.verify_signature>>, boolean>(true);
void crypto.hash_data("text");
void crypto.hash_data(new Uint8Array(1), "sha256");
// @ts-expect-error a number is not data
void crypto.hash_data(1);
// @ts-expect-error the data is missing
void crypto.hash_data();
// @ts-expect-error no such method
void crypto.hash_dat("text");
// @ts-expect-error bytes, not text
void crypto.verify_signature("text", "signature", "key");
// @ts-expect-error it may not have resolved near
crypto.$native.hash_data("text");
same<string, ReturnType<NonNullable<typeof crypto.$native.hash_data>>>(true);
crypto.$routes.hash_data.reason.toUpperCase();
// @ts-expect-error a mode that does not exist
createClient(CryptoService, { mode: "near" });
createClient(CryptoService, { mode: "ffi" }).$native.hash_data("text").toUpperCase();

// defineService
const mixed = defineService({
  name: "Mixed",
  methods: {
    add: {
      parameters: [t.param("a", t.int64()), t.param("b", t.int64())],
      result: t.int64(),
      handler: (a, b) => {
        same<typeof a, bigint>(true);
        return a + b;
      },
    },
    cos: { native: { library: "libm.so.6", declaration: "double cos(double x)", isolate: true } },
    strlen: {
      native: { library: "libc.so.6", declaration: "size_t strlen(const char *s)" },
      handler: (s) => s.length,
    },
    maybe: {
      parameters: [t.param("a", t.string()), t.param("b", t.optional(t.boolean()))],
      result: t.union([t.string(), t.null()]),
      handler: async (a, b) => (b === true ? a : null),
    },
  },
});
type Mixed = ServiceClient<typeof mixed>;
same<ReturnType<Mixed["add"]>, Promise<bigint>>(true);
same<Parameters<Mixed["cos"]>, [number]>(true);
same<ReturnType<Mixed["cos"]>, Promise<number>>(true);
same<ReturnType<Mixed["maybe"]>, Promise<string | null>>(true);
declare const client: Mixed;
void client.add(1n, 2);
void client.maybe("a");
void client.$with({ timeoutMs: 5 }).maybe("a", true);
// @ts-expect-error one argument too many
void client.cos(1, 2);
// @ts-expect-error a string, not a number
void client.strlen(5);

defineService({
  name: "Wrong",
  methods: {
    length: {
      parameters: [t.param("text", t.string())],
      result: t.integer(),
      // @ts-expect-error the result is a string
      handler: (text) => text,
    },
    half: {
      parameters: [t.param("text", t.string())],
      result: t.integer(),
      // @ts-expect-error the parameter is a string
      handler: (x: number) => x / 2,
    },
  },
});

// Decorated classes
class Good {
  @method({ parameters: [t.param("text", t.string())], result: t.integer() })
  length(text: string): number {
    return text.length;
  }

  @method({ parameters: [t.param("id", t.int64())], result: t.void() })
  async touch(_id: bigint): Promise<void> {}

  @method({ parameters: [t.param("n", t.optional(t.int32()))], result: t.integer() })
  next(n = 0): number {
    return n + 1;
  }

  @api("ffi")
  @native("libm.so.6", "double cos(double x)")
  cos(_x: number): number {
    return nativeOnly();
  }

  @native("libc.so.6", "int64_t llabs(int64_t x)", { isolate: { timeoutMs: 100 } })
  llabs(x: bigint | number): bigint {
    return BigInt(x);
  }

  @api("ffi")
  @native("libc.so.6", "size_t strnlen(const void *memory, size_t most)")
  strnlen(_memory: Uint8Array, _most: number): number {
    return nativeOnly();
  }
}
declare const good: ServiceClient<typeof Good>;
declare const goodInstance: ServiceClient<Good>;
same<ReturnType<typeof good.length>, Promise<number>>(true);
same<ReturnType<typeof goodInstance.touch>, Promise<void>>(true);
// @ts-expect-error the id is a bigint
void good.touch("1");

export class Contradicting {
  // @ts-expect-error the schema says string
  @method({ parameters: [t.param("text", t.string())], result: t.integer() })
  wrongParameter(text: number): number {
    return text;
  }

  // @ts-expect-error the method takes more than its schema
  @method({ parameters: [t.param("text", t.string())], result: t.integer() })
  widerParameter(text: string | number): number {
    return Number(text);
  }

  // @ts-expect-error the schema says integer
  @method({ parameters: [t.param("text", t.string())], result: t.integer() })
  wrongResult(text: string): string {
    return text;
  }

  // @ts-expect-error the schema has two parameters
  @method({ parameters: [t.param("a", t.int32()), t.param("b", t.int32())], result: t.int32() })
  tooFew(a: number): number {
    return a;
  }

  // @ts-expect-error the schema has one parameter
  @method({ parameters: [t.param("a", t.int32())], result: t.int32() })
  tooMany(a: number, b: number): number {
    return a + b;
  }

  // @ts-expect-error the parameter may be left out, the method does not allow it
  @method({ parameters: [t.param("a", t.optional(t.int32()))], result: t.int32() })
  notOptional(a: number): number {
    return a;
  }

  // @ts-expect-error C gives a double
  @native("libm.so.6", "double cos(double x)")
  wrongNativeResult(_x: number): string {
    return nativeOnly();
  }

  // @ts-expect-error C takes a double
  @native("libm.so.6", "double cos(double x)")
  wrongNativeParameter(_x: string): number {
    return nativeOnly();
  }

  // @ts-expect-error C gives a bigint
  @native("libc.so.6", "int64_t llabs(int64_t x)")
  numberForBigint(_x: bigint): number {
    return nativeOnly();
  }

  // @ts-expect-error the result type was left out, so that it is never
  @native("libm.so.6", "double cos(double x)")
  noResultType(_x: number) {
    return nativeOnly();
  }

  // @ts-expect-error not a mode
  @api("near")
  @method({ parameters: [], result: t.void() })
  wrongMode(): void {}
}

// Schemas of other libraries
const shop = defineService({
  name: "Shop",
  methods: {
    order: {
      parameters: [
        t.param("item", z.object({ name: z.string(), count: z.number().default(1) })),
        t.param("note", v.optional(v.string())),
      ],
      result: type({ total: "number" }),
      handler: (item, note) => {
        same<typeof item, { name: string; count: number }>(true);
        same<typeof note, string | undefined>(true);
        return { total: item.count };
      },
    },
    parse: {
      parameters: [t.param("text", z.string().transform(Number))],
      result: z.number().transform(String),
      handler: (text) => {
        same<typeof text, number>(true);
        return text;
      },
    },
  },
});
const buyer = createClient(shop, { baseUrl: "http://127.0.0.1:3000" });
same<Awaited<ReturnType<typeof buyer.order>>, { total: number }>(true);
same<Parameters<typeof buyer.parse>, [value: string]>(true);
same<Awaited<ReturnType<typeof buyer.parse>>, string>(true);
void buyer.order({ name: "tea" });
void buyer.order({ name: "tea", count: 2 }, "fresh");
// @ts-expect-error the name is missing
void buyer.order({});

class Teller {
  @method({ parameters: [t.param("name", z.string())], result: v.string() })
  tell(name: string): string {
    return name;
  }

  // @ts-expect-error the schema's result is a string
  @method({ parameters: [t.param("name", z.string())], result: v.string() })
  count(name: string): number {
    return name.length;
  }
}
void Teller;

// Streams
const streams = defineService({
  name: "Streams",
  methods: {
    count: {
      parameters: [t.param("n", t.uint32())],
      result: t.stream(t.int64()),
      handler: async function* (n) {
        same<typeof n, number>(true);
        yield 1n;
      },
    },
    sum: {
      parameters: [t.param("start", t.string()), t.param("numbers", t.stream(t.number()))],
      result: t.number(),
      handler: async (start, numbers) => {
        same<typeof start, string>(true);
        same<typeof numbers, AsyncIterable<number>>(true);
        return 0;
      },
    },
  },
});
const streaming = createClient(streams, { baseUrl: "ws://127.0.0.1:1" });
same<ReturnType<typeof streaming.count>, AsyncIterableIterator<bigint>>(true);
same<ReturnType<typeof streaming.sum>, Promise<number>>(true);
void streaming.sum("a", [1, 2]);
// @ts-expect-error items of another type
void streaming.sum("a", ["1"]);
class StreamingClass {
  @method({ parameters: [t.param("n", t.uint8())], result: t.stream(t.string()) })
  async *lines(n: number): AsyncGenerator<string> {
    yield String(n);
  }
  @method({
    parameters: [t.param("start", t.int64()), t.param("numbers", t.stream(t.int64()))],
    result: t.int64(),
  })
  async sum(start: bigint, numbers: AsyncIterable<bigint>): Promise<bigint> {
    let total = start;
    for await (const n of numbers) total += n;
    return total;
  }
  // @ts-expect-error items of another type
  @method({ parameters: [], result: t.stream(t.string()) })
  async *numbers(): AsyncGenerator<number> {
    yield 1;
  }
}
const fromClass = createClient(StreamingClass, { baseUrl: "ws://127.0.0.1:1" });
same<ReturnType<typeof fromClass.lines>, AsyncIterableIterator<string>>(true);
void fromClass.sum(5, [1n, 2n]);
void fromClass.sum(5n, new Set([1n]));
// @ts-expect-error items of another type
void fromClass.sum(5n, ["1"]);
// @ts-expect-error no number, and no bigint
void fromClass.sum("5", [1n]);
