import { describe, expect, it } from "vitest";
import { argumentLabel, arityMessage, describeValue } from "../../../src/errors/index.js";

describe("describeValue", () => {
  const detached = new DataView(new ArrayBuffer(4));
  structuredClone(detached.buffer, { transfer: [detached.buffer] });

  it.each([
    ["secret", "a string of 6 characters"],
    ["x", "a string of 1 character"],
    [2.5, "2.5"],
    [-0, "-0"],
    [5n, "5n"],
    [undefined, "undefined"],
    [null, "null"],
    [Symbol("secret"), "a symbol"],
    [() => "secret", "a function"],
    [["secret"], "an array of 1"],
    [{ secret: 1 }, "an object"],
    [Object.create(null), "an object"],
    [new Uint8Array(3), "a Uint8Array of 3 bytes"],
    [Buffer.from("secret"), "a Buffer of 6 bytes"],
    [new ArrayBuffer(3), "an ArrayBuffer of 3 bytes"],
    [detached, "a detached DataView"],
    [new Proxy(["secret"], {}), "a proxy"],
    [new Map([["secret", 1]]), "a Map"],
    [new Set(["secret"]), "a Set"],
    [Promise.resolve("secret"), "a promise"],
    [new Date(), "a Date"],
    [/secret/, "a RegExp"],
    [new RangeError("secret"), "an Error"],
    [new SharedArrayBuffer(3), "a SharedArrayBuffer"],
    [2n ** 200n, `${2n ** 200n}n`],
    [1n << 100_000n, "a very large bigint"],
  ])("tells kind and size, never contents: case %#", (value, description) => {
    expect(describeValue(value)).toBe(description);
  });

  it("runs nothing of the value's own", () => {
    const hostile = {
      get [Symbol.toStringTag](): string {
        throw new Error("was read");
      },
      toString(): string {
        throw new Error("was called");
      },
    };
    expect(describeValue(hostile)).toBe("an object");
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    expect(describeValue(proxy)).toBe("a proxy");
    const pretender = Object.setPrototypeOf(new Date(0), ArrayBuffer.prototype);
    expect(describeValue(pretender)).toBe("a Date");
  });

  it("believes no property of memory", () => {
    const lies = { constructor: { value: undefined }, byteLength: { value: 3 } };
    const view = Object.defineProperties(new Uint16Array(4), lies);
    expect(describeValue(view)).toBe("a Uint16Array of 8 bytes");
    const bare = Object.setPrototypeOf(new ArrayBuffer(4), null);
    expect(describeValue(bare)).toBe("an ArrayBuffer of 4 bytes");
    const data = Object.defineProperties(new DataView(new ArrayBuffer(2)), lies);
    expect(describeValue(data)).toBe("a DataView of 2 bytes");
  });
});

describe("argumentLabel", () => {
  it("counts from 1 and leaves out a name that was made up", () => {
    expect(argumentLabel(0, "x")).toBe("argument 1 (x)");
    expect(argumentLabel(1, undefined)).toBe("argument 2");
    expect(argumentLabel(1, "arg2")).toBe("argument 2");
  });
});

describe("arityMessage", () => {
  it("says how many were expected and how many came", () => {
    expect(arityMessage("1", 0)).toBe("expected 1 argument, got 0");
    expect(arityMessage("1 to 2", 3)).toBe("expected 1 to 2 arguments, got 3");
  });
});
