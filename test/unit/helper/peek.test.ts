import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Conversation, open, ways } from "./ways.js";

const documented = ways.filter(({ isCompatible }) => !isCompatible);

// Windows lets a client read the helper's memory without its help.
describe.skipIf(process.platform === "win32").each(documented)("$name", (way) => {
  let talk: Conversation;
  let address: string;
  const size = 20_000;

  beforeAll(async () => {
    talk = await open(way);
    const { handle } = await talk.ask({ cmd: "load", path: null });
    const types = { ret_type: "pointer", arg_types: ["size_t", "size_t"] };
    const { sym_id } = await talk.ask({ cmd: "sym", handle, name: "calloc", ...types });
    address = String((await talk.ask({ cmd: "call", sym_id, args: [1, size] })).result);
  });
  afterAll(() => talk.close());

  test("memory by its address is written and read, over any number of pages", async () => {
    const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, index) => index * 7));
    const data = bytes.toString("base64");
    expect(await talk.ask({ cmd: "poke", address, data })).toMatchObject({ length: size });
    expect(await talk.ask({ cmd: "peek", address, length: size })).toMatchObject({ data });
  });

  test("an address that is none has no bytes, and ends nobody", async () => {
    expect(await talk.ask({ cmd: "peek", address: "8", length: 16 })).toMatchObject({ data: "" });
    expect(await talk.ask({ cmd: "poke", address: "8", data: "AAAA" })).toMatchObject({
      length: 0,
    });
    await talk.ask({ cmd: "ping" });
  });

  test("a length that nobody has is refused", async () => {
    const request = { cmd: "peek", address, length: 2 ** 33 };
    expect(await talk.codeOf(request)).toBe("ERR_OUT_OF_BOUNDS");
    expect(await talk.codeOf({ cmd: "poke", address, data: "?" })).toBe("ERR_INVALID_BASE64");
  });
});
