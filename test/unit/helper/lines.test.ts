import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRandom, seed } from "../../support/random.js";
import { type Conversation, open, ways } from "./ways.js";

/** How many lines of nonsense; 100,000 of them take a minute. */
const fuzzedLines = Number(process.env.NEARFAR_FUZZ_LINES ?? 2_000);

/** Far more than it takes; the usual limit is meant for the usual number. */
const fuzzTimeoutMs = 60_000 + fuzzedLines * 10;

describe.each(ways.filter((way) => !way.isCompatible))("$name", (way) => {
  let talk: Conversation;
  beforeAll(async () => {
    talk = await open(way, ["--max-line", "33554432"]);
  });
  afterAll(() => talk.close());

  /** Sends a line, and gives the code of the error that answers it. */
  async function refusal(line: string | Uint8Array): Promise<string | undefined> {
    talk.client.write(line);
    talk.client.write("\n");
    return (await talk.client.read())?.error?.code;
  }

  test.each([
    "{",
    "}",
    '{"cmd":"ping"',
    '{"cmd":"ping",}',
    "{'cmd':'ping'}",
    '{cmd:"ping"}',
    '{"cmd":"ping"} {}',
    '{"cmd":"ping","cmd":"ping"}',
    '{"cmd":"ping","id":01}',
    '{"cmd":"ping","id":+1}',
    '{"cmd":"ping","id":1.}',
    '{"cmd":"ping","id":.5}',
    '{"cmd":"ping","id":1e}',
    '{"cmd":"ping","id":NaN}',
    '{"cmd":"ping","id":Infinity}',
    '{"cmd":"ping","id":"\\x41"}',
    '{"cmd":"ping","id":"\\ud800"}',
    '{"cmd":"ping","id":"\\udc00\\ud800"}',
    '{"cmd":"ping","id":"\u0001"}',
    '{"cmd":"ping","id":"',
    '{"cmd":"ping","id":tru}',
    "[1,]",
    "[",
    "null",
    "42",
    '"ping"',
    '[{"cmd":"ping"}]',
    "\ufeff{}",
    "//",
    `{"id":${"[".repeat(129)}${"]".repeat(129)}}`,
    "[".repeat(100_000),
  ])("%s is not a request", async (line) => {
    expect(await refusal(line)).toBe("ERR_INVALID_JSON");
    expect(await talk.ask({ cmd: "ping" })).toEqual({});
  });

  test("120 levels are fine", async () => {
    const id = `${"[".repeat(120)}${"]".repeat(120)}`;
    talk.client.write(`{"cmd":"ping","id":${id}}\n`);
    expect(await talk.client.readText()).toBe(`{"ok":true,"id":${id}}`);
  });

  test.each(["ff", "c0af", "c3", "eda080", "e08080", "f4908080", "f88080808080", "80", "e282"])(
    "the bytes %s are not UTF-8",
    async (bytes) => {
      const line = Buffer.concat([
        Buffer.from('{"cmd":"ping","id":"'),
        Buffer.from(bytes, "hex"),
        Buffer.from('"}'),
      ]);
      expect(await refusal(line)).toBe("ERR_INVALID_JSON");
    },
  );

  test("blank lines are no requests, and a carriage return may end one", async () => {
    talk.client.write('\n  \n\r\n{"cmd":"ping","id":1}\r\n');
    expect(await talk.client.read()).toEqual({ ok: true, id: 1 });
  });

  test("a line may come byte by byte", async () => {
    for (const byte of '{"cmd":"ping","id":"bytewise"}\n') {
      talk.client.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await talk.client.read()).toEqual({ ok: true, id: "bytewise" });
  });

  test("many lines may come at once", async () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => index);
    talk.client.write(ids.map((id) => `{"cmd":"ping","id":${id}}\n`).join(""));
    for (const id of ids) expect(await talk.client.read()).toEqual({ ok: true, id });
  });

  test("a line of 10 MB is a line", async () => {
    const id = "x".repeat(10_000_000);
    talk.client.send({ cmd: "ping", id });
    expect((await talk.client.read())?.id === id).toBe(true);
    const bytes = randomBytes(7_500_000);
    const { mem_id } = await talk.ask({ cmd: "alloc", size: bytes.length });
    await talk.ask({ cmd: "mem_write", mem_id, offset: 0, data: bytes.toString("base64") });
    const read = { cmd: "mem_read", mem_id, offset: 0, length: bytes.length };
    const { data } = await talk.ask(read);
    expect(Buffer.from(data as string, "base64").equals(bytes)).toBe(true);
  });

  test("a longer line than is allowed is refused, and the next is read", async () => {
    talk.client.write(`{"cmd":"ping","id":"${"x".repeat(40_000_000)}"}\n{"cmd":"ping","id":2}\n`);
    const refused = await talk.client.read();
    expect(refused).toMatchObject({ ok: false, error: { code: "ERR_INVALID_JSON" }, id: null });
    expect(refused?.error?.message).toContain("33554432");
    expect(await talk.client.read()).toEqual({ ok: true, id: 2 });
  });

  test("binary garbage is answered line by line", async () => {
    for (let round = 0; round < 50; round++) {
      const garbage = randomBytes(300).map((byte) => (byte === 10 ? 11 : byte));
      expect(await refusal(garbage)).toBe("ERR_INVALID_JSON");
    }
  });

  test(
    `${fuzzedLines} mutated requests are all answered, by documented codes only (seed ${seed})`,
    async () => {
      const { handle } = await talk.ask({ cmd: "load", path: "libm.so.6" });
      const sym = { cmd: "sym", handle, name: "fabs", ret_type: "double", arg_types: ["double"] };
      const { sym_id } = await talk.ask(sym);
      const { mem_id } = await talk.ask({ cmd: "alloc", size: 16 });
      const seeds = [
        { cmd: "handshake", version: "1.0" },
        { ...sym, arg_types: [{ struct: [["x", { array: ["int", 3] }]] }, { inout: "utf16" }] },
        { cmd: "call", sym_id, args: [1.5] },
        { cmd: "batch", requests: [{ cmd: "call", sym_id, args: ["NaN"] }, { cmd: "ping" }] },
        { cmd: "mem_write", mem_id, offset: 3, data: "AQIDBA==" },
        { cmd: "mem_read", mem_id, offset: 3, length: 13 },
        { cmd: "callback", ret_type: "int", arg_types: ["int", "double"] },
        { cmd: "sym", handle, name: "no_such", ret_type: { union: [["a", "long double"]] } },
      ].map((request) => JSON.stringify(request));
      const random = createRandom(seed);
      const pick = (length: number) => Math.floor(random() * length);
      for (let count = 0; count < fuzzedLines; count++) {
        const line = mutate(Buffer.from(seeds[pick(seeds.length)] ?? ""), pick);
        talk.client.write(line);
        talk.client.write('\n{"cmd":"ping","id":"end"}\n');
        let answer = await talk.client.read();
        for (; answer !== undefined && answer.id !== "end"; answer = await talk.client.read()) {
          if (answer.ok === true) continue;
          expect(KNOWN_CODES, line.toString()).toContain(answer.error?.code);
        }
        expect(answer, line.toString()).toEqual({ ok: true, id: "end" });
      }
    },
    fuzzTimeoutMs,
  );
});

const KNOWN_CODES = [
  "ERR_INVALID_JSON",
  "ERR_UNKNOWN_CMD",
  "ERR_MISSING_PARAM",
  "ERR_INVALID_HANDLE",
  "ERR_INVALID_SYMBOL",
  "ERR_DLOPEN_FAILED",
  "ERR_DLSYM_FAILED",
  "ERR_CALL_FAILED",
  "ERR_TYPE_ERROR",
  "ERR_UNSUPPORTED_ARGS",
  "ERR_MALLOC_FAILED",
  "ERR_INVALID_MEM_ID",
  "ERR_OUT_OF_BOUNDS",
  "ERR_INVALID_BASE64",
  "ERR_VERSION_MISMATCH",
];

/** Up to four bytes replaced, left out or doubled; never a line's end. */
function mutate(line: Buffer, pick: (length: number) => number): Buffer {
  const tokens = ['"', "{", "}", "[", "]", ":", ",", "-1", "null", "1e999", "\\u0000", "é", "\xff"];
  let result = line;
  for (let edits = 1 + pick(4); edits > 0; edits--) {
    const at = pick(result.length);
    const inserted = Buffer.from(tokens[pick(tokens.length)] ?? "", "latin1");
    const rest = result.subarray(at + pick(3));
    result = Buffer.concat([result.subarray(0, at), inserted, rest]);
  }
  return result.length > 0 ? result : Buffer.from("{}");
}
