import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRandom, seed } from "../../support/random.js";
import { FramedHelper, frame, KIND } from "./frames.js";
import { HelperProcess } from "./helper-client.js";

/** How many frames of nonsense. */
const fuzzedFrames = Number(process.env.NEARFAR_FUZZ_LINES ?? 2_000);
const fuzzTimeoutMs = 60_000 + fuzzedFrames * 10;

/** Registers and CallHead in native/channel/frames.h. */
const REGISTER_BYTES = 26 * 8;
const RESULT_OFFSET = 16 * 8;
const NO_TEXT = 0xffff_ffff;

/**
 * Where this client says that it has memory: nothing else is there in any process of ours, nor has
 * the thread sanitizer anything of its own there.
 */
const LANE = { address: String(0x7e90_0000_0000), bytes: 32 << 20 };
const HEAP = { address: String(0x7ea0_0000_0000), bytes: 1 << 20 };

interface Range {
  readonly address: bigint;
  readonly bytes: number;
  readonly ways: number;
}

/** A call with integer arguments. */
function call(
  number: number,
  plan: number,
  args: readonly bigint[],
  ranges: readonly Range[] = [],
  contents: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(plan, 0);
  head.writeUInt32LE(REGISTER_BYTES, 4);
  head.writeUInt32LE(ranges.length, 16);
  const image = Buffer.alloc(REGISTER_BYTES);
  for (const [index, value] of args.entries()) image.writeBigUInt64LE(value, index * 8);
  const list = Buffer.alloc(ranges.length * 24);
  for (const [index, { address, bytes, ways }] of ranges.entries()) {
    list.writeBigUInt64LE(address, index * 24);
    list.writeBigUInt64LE(BigInt(bytes), index * 24 + 8);
    list.writeUInt32LE(ways, index * 24 + 16);
  }
  return frame(KIND.call, number, head, image, list, contents);
}

describe("messages", () => {
  let helper: FramedHelper;
  beforeAll(async () => {
    helper = await FramedHelper.start("--max-line", "16777216");
  });
  afterAll(async () => {
    expect(await helper.close()).toBe(0);
  });

  test("are requests and answers as in lines", async () => {
    expect(await helper.request({ cmd: "handshake", version: "1.0" })).toMatchObject({
      ok: true,
      version: "1.0",
    });
    expect((await helper.request({ cmd: "free", mem_id: "m0" })).error?.code).toBe(
      "ERR_INVALID_MEM_ID",
    );
  });

  test("have memory attached instead of Base64", async () => {
    const bytes = randomBytes(1 << 20);
    const { mem_id } = await helper.request({ cmd: "alloc", size: bytes.length });
    expect(await helper.request({ cmd: "mem_write", mem_id, offset: 0 }, bytes)).toMatchObject({
      ok: true,
    });
    const read = { cmd: "mem_read", mem_id, offset: 1, length: bytes.length - 1, attach: true };
    const answer = await helper.request(read);
    expect(answer.data).toBeUndefined();
    expect(answer.attachment.equals(bytes.subarray(1))).toBe(true);
    const beyond = await helper.request({ ...read, offset: 2 });
    expect(beyond.error?.code).toBe("ERR_OUT_OF_BOUNDS");
    expect(beyond.attachment).toHaveLength(0);
  });

  test("take Base64 still", async () => {
    const { mem_id } = await helper.request({ cmd: "alloc", size: 3 });
    await helper.request({ cmd: "mem_write", mem_id, offset: 0, data: "AQID" });
    const { data } = await helper.request({ cmd: "mem_read", mem_id, offset: 0, length: 3 });
    expect(data).toBe("AQID");
  });

  test("a frame may come byte by byte", async () => {
    for (const byte of frame(KIND.message, 0, Buffer.from('{"cmd":"ping","id":"slow"}'))) {
      helper.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await helper.message()).toMatchObject({ ok: true, id: "slow" });
  });

  test.each([
    ["no JSON", frame(KIND.message, 0, Buffer.from("{")), "ERR_INVALID_JSON"],
    ["no UTF-8", frame(KIND.message, 0, Buffer.from([0xff])), "ERR_INVALID_JSON"],
    ["an attachment that is not there", frame(KIND.message, 9), "ERR_OUT_OF_BOUNDS"],
    ["an unknown kind", frame(77, 0, randomBytes(40)), "ERR_UNKNOWN_CMD"],
    ["a kind of the helper's", frame(KIND.result, 0, randomBytes(40)), "ERR_UNKNOWN_CMD"],
    ["a call without a channel", call(0, 0, []), "ERR_CALL_FAILED"],
    ["an answer without a channel", frame(KIND.answer, 0), "ERR_CALL_FAILED"],
    ["more than --max-line", frame(KIND.message, 0, Buffer.alloc(16777217)), "ERR_INVALID_JSON"],
  ])("%s is refused, and the next frame is read", async (_, bytes, code) => {
    helper.write(bytes);
    expect((await helper.message()).error?.code).toBe(code);
    expect(await helper.request({ cmd: "ping" })).toMatchObject({ ok: true });
  });

  test("frames are asked for once, and not in a batch", async () => {
    const again = { cmd: "framing", framing: "binary" };
    expect((await helper.request(again)).error?.code).toBe("ERR_CALL_FAILED");
    const lines = new HelperProcess();
    const { results } = await lines.ask({ cmd: "batch", requests: [again] });
    expect(results).toMatchObject([{ ok: false, error: { code: "ERR_CALL_FAILED" } }]);
    const other = await lines.request({ cmd: "framing", framing: "text" });
    expect(other.error?.code).toBe("ERR_UNSUPPORTED_ARGS");
    const { mem_id } = await lines.ask({ cmd: "alloc", size: 1 });
    const attach = { cmd: "mem_read", mem_id, offset: 0, length: 1, attach: true };
    expect((await lines.request(attach)).error?.code).toBe("ERR_UNSUPPORTED_ARGS");
    expect(await lines.close()).toBe(0);
  });
});

test.each([
  ["a head", Buffer.alloc(15, 1)],
  ["a body", frame(KIND.message, 0, Buffer.from("{}")).subarray(0, 17)],
  ["a length that nobody has", Buffer.alloc(16, 0xff)],
])("a stream that ends within %s is the end", async (_, bytes) => {
  const helper = await FramedHelper.start("--max-line", "0");
  helper.write(bytes);
  expect(await helper.close()).toBe(0);
});

describe("calls", () => {
  let helper: FramedHelper;
  const heap = BigInt(HEAP.address);

  beforeAll(async () => {
    helper = await FramedHelper.start();
    await openChannel(helper);
  });
  afterAll(async () => {
    expect(await helper.close()).toBe(0);
  });

  test("go by the numbers of plans, and come back by those of calls", async () => {
    helper.write(Buffer.concat([call(3, 0, [-5n & 0xffff_ffffn]), call(256, 0, [7n])]));
    const results = [await helper.read(), await helper.read()];
    for (const [number, value] of [
      [3, 5],
      [256, 7],
    ] as const) {
      const body = results.find((result) => result?.number === number)?.body ?? Buffer.alloc(0);
      expect(body.readUInt32LE(0)).toBe(0);
      expect(body.readUInt32LE(8)).toBe(NO_TEXT);
      expect(body.readInt32LE(16)).toBe(value);
      expect(body).toHaveLength(16 + REGISTER_BYTES - RESULT_OFFSET);
    }
  });

  test("take memory along, and bring back what was asked for", async () => {
    const bytes = randomBytes(1 << 16);
    const ranges = [
      { address: heap, bytes: 10, ways: 1 },
      { address: heap + 4096n, bytes: 1 << 16, ways: 3 },
      { address: heap + 262144n, bytes: 4, ways: 2 },
    ];
    const contents = Buffer.concat([randomBytes(10), bytes]);
    helper.write(call(0, 1, [heap + 4096n, 0x41n, 100n], ranges, contents));
    const body = (await helper.read())?.body ?? Buffer.alloc(0);
    const back = body.subarray(16 + REGISTER_BYTES - RESULT_OFFSET);
    expect(back).toHaveLength((1 << 16) + 4);
    expect(back.subarray(0, 100)).toEqual(Buffer.alloc(100, 0x41));
    expect(back.subarray(100, 1 << 16).equals(bytes.subarray(100))).toBe(true);
    expect(back.subarray(1 << 16)).toEqual(Buffer.alloc(4));
  });

  test("of plans that are not there find them closed", async () => {
    helper.write(call(5, 999, []));
    const result = await helper.read();
    expect(result).toMatchObject({ kind: KIND.result, number: 5 });
    expect(result?.body.readUInt32LE(0)).toBe(1);
  });

  test("wait for one another, while requests are answered", async () => {
    const ping = frame(KIND.message, 0, Buffer.from('{"cmd":"ping","id":"p"}'));
    const sleep = call(1, 3, [300_000n]);
    helper.write(Buffer.concat([sleep, call(2, 0, [1n]), ping, call(3, 0, [1n]), ping]));
    expect(await helper.message()).toMatchObject({ ok: true, id: "p" });
    expect(await helper.message()).toMatchObject({ ok: true, id: "p" });
    for (const number of [1, 2, 3]) {
      expect(await helper.read()).toMatchObject({ kind: KIND.result, number });
    }
  });

  test("alternate with requests", async () => {
    for (let count = 0; count < 100; count++) {
      helper.write(call(count, 0, [1n]));
      expect(await helper.read()).toMatchObject({ kind: KIND.result, number: count });
      expect(await helper.request({ cmd: "ping" })).toMatchObject({ ok: true });
    }
  });

  test("that still run do not keep a helper whose client is gone", async () => {
    const left = await FramedHelper.start();
    await openChannel(left);
    const minute = 60_000_000n;
    left.write(call(1, 3, [minute]));
    expect(await left.close()).toBe(0);
  });

  const outside = { address: heap + (1n << 20n) - 1n, bytes: 2, ways: 1 };
  test.each([
    ["a number that no call has", call(256 + 65, 0, [])],
    ["memory beyond the heap", call(0, 0, [], [outside], Buffer.alloc(2))],
    ["memory at null", call(0, 0, [], [{ ...outside, address: 0n }], Buffer.alloc(2))],
    ["memory that wraps around", call(0, 0, [], [{ ...outside, address: (1n << 64n) - 1n }])],
    ["contents that are not there", call(0, 0, [], [{ address: heap, bytes: 9, ways: 1 }])],
    ["a head that is cut", frame(KIND.call, 0, Buffer.alloc(23))],
    ["registers that are cut", call(0, 0, []).fill(0xff, 20, 22)],
    ["an answer that is cut", frame(KIND.answer, 0, Buffer.alloc(8))],
    ["an answer to nothing", frame(KIND.answer, 2, Buffer.alloc(88))],
  ])("%s is refused", async (_, bytes) => {
    helper.write(bytes);
    expect((await helper.message()).error?.code).toBe("ERR_OUT_OF_BOUNDS");
    expect(await helper.request({ cmd: "ping" })).toMatchObject({ ok: true });
  });

  test(
    `${fuzzedFrames} mutated frames are all survived, and answered by known kinds (seed ${seed})`,
    async () => {
      const random = createRandom(seed);
      const pick = (length: number) => Math.floor(random() * length);
      const range = { address: heap, bytes: 16, ways: 3 };
      const seeds = [
        call(1, 0, [5n]),
        call(2, 2, [], [range], randomBytes(16)),
        frame(KIND.answer, 0, randomBytes(80)),
        frame(KIND.message, 4, Buffer.from('{"cmd":"ping"}'), randomBytes(4)),
      ];
      for (let count = 0; count < fuzzedFrames; count++) {
        const bytes = Buffer.from(seeds[pick(seeds.length)] ?? []);
        // Not the length, or where the rows of a vector call are: what follows would be part of it.
        for (let edits = 1 + pick(4); edits > 0; edits--) {
          const at = pick(bytes.length);
          if (at < 8 || (at >= 16 && at < 24) || at >= 32) bytes[at] = pick(256);
        }
        helper.write(bytes);
        helper.write(frame(KIND.message, 0, Buffer.from('{"cmd":"ping","id":"end"}')));
        for (;;) {
          const answer = await helper.read();
          if (answer === undefined)
            throw new Error(`the helper has ended: ${bytes.toString("hex")}`);
          expect([KIND.message, KIND.result]).toContain(answer.kind);
          if (answer.body.toString().endsWith('"id":"end"}')) break;
        }
      }
    },
    fuzzTimeoutMs,
  );
});

/** Plans 0: abs, 1: memset, 2: getpid, which takes whatever registers there are, 3: usleep. */
async function openChannel(helper: FramedHelper): Promise<void> {
  const channel = { cmd: "channel", lane: LANE, heap: HEAP };
  expect(await helper.request(channel)).toMatchObject({ ok: true });
  const { handle } = await helper.request({ cmd: "load", path: null });
  const plans = [
    { name: "abs", types: ["int32", "int32"] },
    { name: "memset", types: ["pointer", "pointer", "int32", "uint64"] },
    { name: "getpid", types: ["int32"] },
    { name: "usleep", types: ["int32", "uint32"] },
  ];
  for (const [index, { name, types }] of plans.entries()) {
    const { address } = await helper.request({ cmd: "address", handle, name });
    const plan = { cmd: "plan", index, name, address, types, flags: 0 };
    expect(await helper.request(plan)).toMatchObject({ ok: true });
  }
}
