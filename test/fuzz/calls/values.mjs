// Values that no type, or not the one at hand, expects: made anew for each call, because some
// change what they are passed with, or themselves.
import { runInNewContext } from "node:vm";
import { chance, integer, pick } from "../../conformance/generate/random.mjs";

const elsewhere = runInNewContext(`({
  point: () => ({ x: 3, y: 4 }),
  list: () => [1, 2, 3],
  bytes: () => new Uint8Array(64).fill(5),
  buffer: () => new ArrayBuffer(64),
  add: () => (x) => x + 1,
  boxed: () => Object(5n),
  error: () => { throw new Error("from another realm"); },
})`);

const NUMBERS = [
  ...[0, -0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, 32768, 65535, 65536, 2.5, 1e300, 5e-324],
  ...[2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53, -(2 ** 53)],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
];
const BIGINTS = [
  ...[0n, 1n, -1n, 2n ** 63n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 64n, 1n << 200n],
  -(1n << 5000n),
];
const TEXTS = ["", "a", "\0", "a\0b", "é", "🌍", "\ud800", "\udfff\ud800", "x".repeat(47), "LOW"];
const LONG_TEXTS = ["x".repeat(49), "é".repeat(25_000), "y".repeat(70_000), "z\0".repeat(30_000)];

function detached() {
  const view = new Uint8Array(64);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** Throws what is no error, or an error that has no message to show. */
function thrower(random) {
  const thrown = pick(random, [
    () => new Error("thrown by a getter"),
    () => Symbol("thrown"),
    () => undefined,
    () => Object.freeze({ message: "frozen" }),
    () => null,
  ])();
  return () => {
    throw thrown;
  };
}

/** An object whose parts are had by calls of its own; `act` runs in the middle of marshalling. */
function active(act, keys = ["x", "y"]) {
  const made = {};
  for (const key of keys) {
    const get = () => {
      act();
      return 1;
    };
    Object.defineProperty(made, key, { enumerable: true, get });
  }
  return made;
}

/** `[kind, make]`. Kinds are what types of test/fuzz/calls/types.mjs may shun. */
const MAKERS = [
  ["number", (random) => pick(random, NUMBERS)],
  ["address", (random) => pick(random, BIGINTS)],
  ["text", (random) => pick(random, TEXTS)],
  ["text", (random) => (chance(random, 0.3) ? pick(random, LONG_TEXTS) : "b")],
  ["plain", (random) => pick(random, [true, false, null, undefined, Symbol("s"), Object(1), {}])],
  ["plain", (random) => pick(random, [Object(1n), new Date(0), /r/, new Map(), Object(Symbol())])],
  ["empty", (random) => pick(random, [() => [], () => new Proxy([], {}), () => Array(0)])()],
  ["empty", (random) => pick(random, [() => new Uint8Array(0), () => new ArrayBuffer(0)])()],
  [
    "plain",
    (random) =>
      pick(random, [
        [1],
        [undefined],
        [1.5, "a"],
        [[1]],
        [null, null],
        Object.assign([1], { 2: 3 }),
      ]),
  ],
  ["plain", () => Object.freeze([4, 5])],
  ["plain", () => new Proxy([6, 7], {})],
  ["memory", () => new Uint8Array(64).fill(1)],
  ["memory", () => new DataView(new ArrayBuffer(400))],
  ["memory", () => new ArrayBuffer(400)],
  ["memory", () => new SharedArrayBuffer(400)],
  ["memory", () => new Float64Array(new SharedArrayBuffer(400), 8, 20)],
  ["memory", () => new Uint8Array(new ArrayBuffer(64, { maxByteLength: 128 }))],
  ["memory", () => new BigUint64Array(9)],
  ["memory", () => elsewhere.bytes()],
  ["memory", () => elsewhere.buffer()],
  ["empty", () => new DataView(new ArrayBuffer(3))],
  ["memory", () => detached()],
  ["memory", () => detached().buffer],
  ["empty", () => outOfBounds()],
  ["plain", () => Object.create(Uint8Array.prototype)],
  ["plain", () => Object.setPrototypeOf(new Date(0), ArrayBuffer.prototype)],
  ["memory", () => Object.setPrototypeOf(new Uint8Array(64), null)],
  ["memory", () => disguised()],
  ["plain", () => new Proxy(new Uint8Array(64), {})],
  ["plain", () => new Proxy({ x: 1, y: 2 }, {})],
  ["plain", (random) => revoked(pick(random, [{}, [], () => 1]))],
  ["plain", () => ({ valueOf: () => 7, [Symbol.toPrimitive]: () => 7, toString: () => "a" })],
  ["plain", () => elsewhere.point()],
  ["plain", () => elsewhere.list()],
  ["plain", () => elsewhere.boxed()],
  ["plain", () => elsewhere.add()],
  ["plain", () => ({ x: 1, y: 2, z: 3 })],
  [
    "plain",
    () => ({
      get x() {
        return elsewhere.error();
      },
      y: 0,
    }),
  ],
  ["plain", (random) => active(thrower(random))],
  ["plain", (random) => new Proxy({}, { get: thrower(random), has: thrower(random) })],
  [
    "plain",
    (random) => new Proxy({}, { ownKeys: thrower(random), getPrototypeOf: thrower(random) }),
  ],
  ["plain", (_random, kit) => active(() => kit.twice(21))],
  ["plain", (_random, kit) => active(() => kit.later.push(kit.twice.async(4)))],
  ["plain", (_random, kit) => active(() => kit.echo("in the middle ".repeat(9)))],
  ["plain", (random, kit) => active(() => kit.detachOne(random))],
  ["plain", (random, kit) => active(() => kit.shrinkOne(random))],
  ["plain", (random, kit) => [1, active(() => kit.detachOne(random))]],
];

/** Memory whose own properties lie about it. */
function disguised() {
  const lies = { constructor: { value: undefined }, length: { value: 3 }, buffer: { value: null } };
  return Object.defineProperties(new Uint8Array(64), lies);
}

/** A view beyond the end of its buffer, which shrank. */
function outOfBounds() {
  const buffer = new ArrayBuffer(64, { maxByteLength: 64 });
  const view = new Uint8Array(buffer, 32, 32);
  buffer.resize(16);
  return view;
}

export function hostileValue(random, kit, shuns) {
  for (;;) {
    const [kind, make] = pick(random, MAKERS);
    const value = make(random, kit);
    if (shuns.includes(kind)) continue;
    if (kind === "address" && shuns.length > 0 && value > 5n) continue;
    return value;
  }
}

/** What a callback does; mostly what its type asks for. */
export function makeListener(random, kit, result) {
  const good = { int8: () => integer(random, -128, 127), point: () => ({ x: 1, y: 2 }) }[result];
  if (chance(random, 0.6)) return good ?? (() => undefined);
  return pick(random, [
    thrower(random),
    () => hostileValue(random, kit, []),
    () => kit.twice(3),
    () => kit.later.push(kit.twice.async(5)),
    () => kit.detachOne(random) ?? 1,
    () => kit.twice("not a number"),
    () => kit.twice(kit.apply((x) => x + 1, 4)),
    async () => 1,
    elsewhere.add(),
    revoked(() => 1),
    class {},
  ]);
}
