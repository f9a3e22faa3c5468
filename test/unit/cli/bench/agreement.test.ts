import { describe, expect, it } from "vitest";
import { checkAgreement } from "../../../../src/cli/bench/agreement.js";
import type { Operation, Place } from "../../../../src/cli/bench/operations.js";

/** A place where cos gives what the test wants; no other method is called. */
function placeOf(cos: (x: number) => unknown): Place {
  const unused = () => {
    throw new Error("not a part of this test");
  };
  return {
    crypto: { hash_data: unused, sign_data: unused, verify_signature: unused },
    math: { cos },
  };
}

function operation(expected?: Operation["expected"]): Operation {
  return {
    id: "cos",
    label: "cos",
    expected,
    bind:
      ({ math }) =>
      () =>
        math.cos(1),
  };
}

const half = placeOf(() => 0.5);
const halfLater = placeOf(async () => 0.5);

describe("checkAgreement", () => {
  it("accepts the same results and counts its calls", async () => {
    const ways = [
      { way: "near", place: half },
      { way: "tcp", place: halfLater },
      { way: "tcp-64", place: halfLater },
    ] as const;
    const { calls, ways: agreed } = await checkAgreement([operation()], ways);
    expect(agreed).toEqual(["near", "tcp", "tcp-64"]);
    expect(calls).toBe(1 + 1 + 8);
  });

  it("names the operation and the ways that differ", async () => {
    const other = placeOf(async () => 0.25);
    const ways = [
      { way: "near", place: half },
      { way: "unix", place: other },
    ] as const;
    await expect(checkAgreement([operation()], ways)).rejects.toThrow(
      'results differ: cos gives one thing by near and another by "far, Unix socket"',
    );
  });

  it("finds a single answer that differs among many in flight", async () => {
    let calls = 0;
    const place = placeOf(async () => (++calls === 5 ? 0.25 : 0.5));
    const ways = [{ way: "tcp-64", place }] as const;
    await expect(checkAgreement([operation()], ways)).rejects.toThrow("results differ");
  });

  it("compares with node:crypto where it has a say", async () => {
    const ways = [{ way: "near", place: half }] as const;
    await expect(checkAgreement([operation("ab")], ways)).rejects.toThrow("by node:crypto");
  });

  it("tells zero from minus zero, and compares bytes by content", async () => {
    const zeros = [
      { way: "near", place: placeOf(() => 0) },
      { way: "tcp", place: placeOf(async () => -0) },
    ] as const;
    await expect(checkAgreement([operation()], zeros)).rejects.toThrow("results differ");
    const bytes = [
      { way: "near", place: placeOf(() => Buffer.of(1, 2)) },
      { way: "tcp", place: placeOf(async () => Uint8Array.of(1, 2)) },
    ] as const;
    await expect(checkAgreement([operation("0102")], bytes)).resolves.toMatchObject({ calls: 2 });
  });

  it("refuses a call without a result", async () => {
    const ways = [{ way: "near", place: placeOf(() => undefined) }] as const;
    await expect(checkAgreement([operation()], ways)).rejects.toThrow("undefined");
  });
});
