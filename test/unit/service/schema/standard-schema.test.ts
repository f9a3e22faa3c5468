import { type } from "arktype";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  compareServices,
  createClient,
  defineService,
  openApi,
  ServiceError,
  t,
} from "../../../../src/index.js";
import { createServer } from "../../../../src/server/index.js";

const cos = { library: "libm.so.6", declaration: "double cos(double x)" } as const;

const Users = defineService({
  name: "Users",
  methods: {
    zod: {
      parameters: [
        t.param("user", z.object({ name: z.string(), age: z.number().int().default(18) })),
        t.param("note", z.string().optional()),
      ],
      result: z.object({ text: z.string() }),
      handler: (user, note) => ({ text: `${user.name} ${user.age} ${note ?? "-"}` }),
    },
    valibot: {
      parameters: [t.param("email", v.pipe(v.string(), v.email()))],
      result: v.number(),
      handler: (email) => email.length,
    },
    arktype: {
      parameters: [t.param("range", type({ from: "number", "to?": "number" }))],
      result: type("number"),
      handler: ({ from, to }) => (to ?? from) - from,
    },
    transformed: {
      parameters: [t.param("text", z.string().transform(Number))],
      result: z.number().transform(String),
      handler: (number) => number + 1,
    },
    secret: {
      parameters: [t.param("key", v.pipe(v.string(), v.startsWith("k")))],
      result: t.boolean(),
      confidential: true,
      handler: () => true,
    },
    bad: { parameters: [], result: z.string(), handler: () => 5 as unknown as string },
    dated: { parameters: [t.param("at", z.date())], result: t.boolean(), handler: () => true },
    slow: {
      parameters: [
        t.param(
          "text",
          z.string().refine(async () => true),
        ),
      ],
      result: t.boolean(),
      handler: () => true,
    },
    cosine: { parameters: [t.param("x", z.number().max(7).default(0))], native: cos },
    shifted: {
      parameters: [t.param("x", z.string().transform(Number))],
      result: z.number().transform((x) => x > 0),
      native: cos,
    },
  },
});

const server = createServer({ services: [Users], logger: { error: () => undefined } });
let far: ReturnType<typeof clientOf>;
const clientOf = (baseUrl: string) => createClient(Users, { baseUrl, mode: "http" });
const near = createClient(Users, { baseUrl: "http://127.0.0.1:1" });

beforeAll(async () => {
  far = clientOf((await server.listen()).url);
});
afterAll(async () => {
  await far.$close();
  await server.close();
});

async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ServiceError);
  const { code, message } = error as ServiceError;
  return `${code} ${message}`;
}

describe("schemas of other libraries", () => {
  it("are asked by caller and server, and fill in their defaults", async () => {
    expect(await far.zod({ name: "Ada" })).toEqual({ text: "Ada 18 -" });
    expect(await far.zod({ name: "Ada", age: 36 }, "first")).toEqual({ text: "Ada 36 first" });
    expect(await far.valibot("ada@example.org")).toBe(15);
    expect(await far.arktype({ from: 2, to: 5 })).toBe(3);
  });

  it("refuse in their own words, with the path", async () => {
    expect(await refusalOf(far.zod({ name: "Ada", age: 1.5 }))).toBe(
      "INVALID_ARGUMENT argument 1 (user).age: Invalid input: expected int, received number",
    );
    expect(await refusalOf(far.valibot("nobody"))).toMatch(
      /^INVALID_ARGUMENT argument 1 \(email\): Invalid email/,
    );
    expect(await refusalOf(far.arktype({ from: "a" } as never))).toBe(
      "INVALID_ARGUMENT argument 1 (range).from: from must be a number (was a string)",
    );
  });

  it("refuse on the server what a caller without them sends", async () => {
    const response = await fetch(`${server.app.listeningOrigin}/api/Users/zod`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '[{"name": 5}]',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "INVALID_ARGUMENT",
      detail: "argument 1 (user).name: Invalid input: expected string, received number",
    });
  });

  it("send what they take, and give what they make of it", async () => {
    expect(await far.transformed("41")).toBe("42");
  });

  it("do not get to quote what is confidential", async () => {
    const secret = refusalOf(far.secret("password"));
    expect(await secret).toBe("INVALID_ARGUMENT argument 1 (key) does not fit its schema");
  });

  it("judge results, whose faults are the server's", async () => {
    expect(await refusalOf(far.bad())).toBe(
      "INTERNAL result: Invalid input: expected string, received number",
    );
  });

  it("cannot send what JSON has no form for", async () => {
    expect(await refusalOf(far.dated(new Date()))).toBe(
      "INVALID_ARGUMENT argument 1 (at) must be a JSON value, got a Date",
    );
  });

  it("have to answer at once", async () => {
    expect(await refusalOf(far.slow("x"))).toBe(
      "INTERNAL a schema validates asynchronously; calls do not wait for it",
    );
  });

  it("hold for native calls too", async () => {
    expect(near.$routes.cosine.route).toBe("near");
    expect(await near.cosine()).toBe(1);
    expect(await refusalOf(near.cosine(8))).toMatch(
      /^INVALID_ARGUMENT argument 1 \(x\): Too big: expected number to be <=7$/,
    );
    expect(await near.shifted("0")).toBe(true);
    expect(await far.shifted("0")).toBe(true);
  });
});

describe("definitions with schemas of other libraries", () => {
  const { definition } = Users;

  it("hold the JSON Schema that the library gives", () => {
    expect(definition.methods.zod?.parameters).toEqual([
      {
        name: "user",
        optional: false,
        schema: {
          type: "object",
          properties: {
            name: { type: "string" },
            age: expect.objectContaining({ type: "integer", default: 18 }),
          },
          required: ["name"],
          "x-kind": "standard",
        },
      },
      { name: "note", optional: true, schema: { type: "string", "x-kind": "standard" } },
    ]);
    expect(definition.methods.arktype?.result).toEqual({ type: "number", "x-kind": "standard" });
    expect(definition.methods.valibot?.result).toEqual({ "x-kind": "standard" });
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
    expect(Object.keys(openApi([Users]).paths)).toHaveLength(10);
  });

  it("let an argument be left out where nothing required follows", () => {
    const parameters = [t.param("a", z.unknown()), t.param("b", z.string())];
    const { definition } = defineService({
      name: "S",
      methods: { m: { parameters, result: t.null(), handler: () => null } },
    });
    expect(definition.methods.m?.parameters.map(({ optional }) => optional)).toEqual([
      false,
      false,
    ]);
  });

  it("are compared by keywords that t does not write, too", () => {
    const [one, two] = [z.tuple([z.string()]), z.tuple([z.number()])].map(
      (result) =>
        defineService({ name: "S", methods: { m: { parameters: [], result } } }).definition,
    );
    if (one === undefined || two === undefined) throw new Error("two definitions were made");
    expect(compareServices(one, one).needs).toBe("none");
    const { needs, changes } = compareServices(one, two);
    expect(needs).toBe("major");
    expect(changes.map(({ message }) => message)).toEqual([
      'prefixItems was [{"type":"string"}], is [{"type":"number"}]',
    ]);
  });

  it("refuse another version of the standard", () => {
    const future = { "~standard": { version: 2, vendor: "x", validate: () => ({ value: 1 }) } };
    const define = () =>
      defineService({ name: "S", methods: { m: { parameters: [], result: future as never } } });
    expect(define).toThrow("a Standard Schema must be of version 1, got 2");
  });
});
