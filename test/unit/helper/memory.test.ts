import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Conversation, open, ways } from "./ways.js";

describe.each(ways)("$name", (way) => {
  let talk: Conversation;
  let mem_id: unknown;

  beforeAll(async () => {
    talk = await open(way);
    ({ mem_id } = await talk.ask({ cmd: "alloc", size: 8 }));
  });
  afterAll(() => talk.close());

  async function read(id: unknown, offset: number, length: number): Promise<string> {
    const { data } = await talk.ask({ cmd: "mem_read", mem_id: id, offset, length });
    const text = way.isCompatible ? (data as { __bytes__: string }).__bytes__ : data;
    return Buffer.from(text as string, "base64").toString("hex");
  }

  test("new memory is zero", async () => {
    const fresh = (await talk.ask({ cmd: "alloc", size: 5 })).mem_id;
    expect(await read(fresh, 0, 5)).toBe("0000000000");
  });

  test("bytes come back as they were written, from any offset", async () => {
    await talk.ask({ cmd: "mem_write", mem_id, offset: 2, data: "/wCr" });
    expect(await read(mem_id, 0, 8)).toBe("0000ff00ab000000");
    expect(await read(mem_id, 4, 1)).toBe("ab");
  });

  test("strdup is UTF-8 and a zero", async () => {
    const copy = (await talk.ask({ cmd: "strdup", value: "aé" })).mem_id;
    expect(await read(copy, 0, 4)).toBe("61c3a900");
    const read5 = { cmd: "mem_read", mem_id: copy, offset: 0, length: 5 };
    expect(await talk.codeOf(read5)).toBe("ERR_OUT_OF_BOUNDS");
  });

  test("no bytes at the very end are within bounds", async () => {
    expect(await read(mem_id, 8, 0)).toBe("");
    await talk.ask({ cmd: "mem_write", mem_id, offset: 8, data: "" });
  });

  test.each([
    [0, 9],
    [8, 1],
    [9, 0],
    [-1, 1],
    [0, -1],
    [4, -4],
    ["18446744073709551615", 1],
    ["18446744073709551615", "18446744073709551615"],
    [8, "18446744073709551608"],
    [1, "9223372036854775807"],
    ["-9223372036854775808", 8],
  ])("reading at %j for %j is out of bounds", async (offset, length) => {
    // As digits: JSON.stringify would round them.
    const text = `"cmd":"mem_read","mem_id":"${mem_id}","offset":${offset},"length":${length}`;
    talk.client.write(`{${text}}\n`);
    expect((await talk.client.read())?.error?.code).toBe("ERR_OUT_OF_BOUNDS");
  });

  test.each([8, 7, 6, "18446744073709551615", -3])(
    "writing three bytes at %j is out of bounds and writes none",
    async (offset) => {
      const before = await read(mem_id, 0, 8);
      talk.client.write(
        `{"cmd":"mem_write","mem_id":"${mem_id}","offset":${offset},"data":"AQID"}\n`,
      );
      expect((await talk.client.read())?.error?.code).toBe("ERR_OUT_OF_BOUNDS");
      expect(await read(mem_id, 0, 8)).toBe(before);
    },
  );

  test.each(["!", "A", "AA", "AAA", "A===", "AAAA=", "AB==", "AAB=", "AA==AAAA", " AAAA", "_-__"])(
    "%j is not Base64",
    async (data) => {
      const request = { cmd: "mem_write", mem_id, offset: 0, data };
      expect(await talk.codeOf(request)).toBe("ERR_INVALID_BASE64");
    },
  );

  test("more memory than there can be is refused", async () => {
    for (const size of ["9223372036854775807", "9223372036854775808", "18446744073709551615"]) {
      talk.client.write(`{"cmd":"alloc","size":${size}}\n`);
      expect((await talk.client.read())?.error?.code).toBe("ERR_MALLOC_FAILED");
    }
    expect(await talk.codeOf({ cmd: "alloc", size: -1 })).toBe("ERR_OUT_OF_BOUNDS");
  });

  test("nothing is freed twice, nor used after it was freed", async () => {
    const once = (await talk.ask({ cmd: "alloc", size: 1 })).mem_id;
    await talk.ask({ cmd: "free", mem_id: once });
    expect(await talk.codeOf({ cmd: "free", mem_id: once })).toBe("ERR_INVALID_MEM_ID");
    const read = { cmd: "mem_read", mem_id: once, offset: 0, length: 1 };
    expect(await talk.codeOf(read)).toBe("ERR_INVALID_MEM_ID");
    const write = { cmd: "mem_write", mem_id: once, offset: 0, data: "AA==" };
    expect(await talk.codeOf(write)).toBe("ERR_INVALID_MEM_ID");
  });

  test.each(["", "m1", "m0-000000", "s1", "c1"])("%j is no memory", async (unknown) => {
    expect(await talk.codeOf({ cmd: "free", mem_id: unknown })).toBe("ERR_INVALID_MEM_ID");
  });

  test("an empty memory has no byte", async () => {
    const empty = (await talk.ask({ cmd: "alloc", size: 0 })).mem_id;
    expect(await read(empty, 0, 0)).toBe("");
    const request = { cmd: "mem_read", mem_id: empty, offset: 0, length: 1 };
    expect(await talk.codeOf(request)).toBe("ERR_OUT_OF_BOUNDS");
  });
});
