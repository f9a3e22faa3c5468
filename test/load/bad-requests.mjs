// Requests and messages that are wrong in some way each, and what they deserve.

/** Of the server: small, so that a body beyond it costs little to send. */
export const BODY_LIMIT_BYTES = 256 * 1024;

const PATH = "/api/Target/echo";
const LENGTH = "/api/Target/length";
const json = "application/json";

/** `{ name, path, type, body, status, headers? }` of POST. */
export const BAD_REQUESTS = [
  { name: "bad JSON", body: '["x"', status: 400 },
  { name: "no body", body: "", status: 400 },
  { name: "a wrong type", path: LENGTH, body: "[5]", status: 400 },
  { name: "too few arguments", path: LENGTH, body: "[]", status: 400 },
  { name: "an unknown argument", path: LENGTH, body: '{"txt":"x"}', status: 400 },
  { name: "a body too large", body: `["${"x".repeat(BODY_LIMIT_BYTES)}"]`, status: 413 },
  { name: "an unknown method", path: "/api/Target/nothing", body: "[]", status: 404 },
  { name: "an unknown service", path: "/api/Nothing/echo", body: "[]", status: 404 },
  { name: "a path that is none", path: "/api/%ff/x", body: "[]", status: 400 },
  { name: "a long path", path: `/api/${"x".repeat(2_000)}`, body: "[]", status: 404 },
  { name: "a wrong content type", type: "text/plain", body: "[]", status: 415 },
  { name: "bad CBOR", type: "application/cbor", body: "\x81", status: 400 },
  { name: "a prototype key", body: '[{"__proto__":{"x":1}}]', status: 400 },
  { name: "a key twice", body: '[{"a":1,"b":[{"c":1,"c":2}]}]', status: 400 },
  { name: "deep JSON", body: "[".repeat(100_000), status: 400 },
  { name: "bad UTF-8", body: Buffer.from('["\xed\xa0\x80"]', "latin1"), status: 400 },
  { name: "a bad timeout", headers: { "nearfar-timeout-ms": "-1" }, body: "[1]", status: 400 },
].map((bad) => ({ path: PATH, type: json, headers: {}, ...bad }));

const call = (more) =>
  JSON.stringify({ type: "call", id: 1, service: "Target", method: "echo", args: [1], ...more });

/**
 * `{ name, data, outcome }`: the code that the socket is closed with, or that of an error frame.
 */
export const BAD_MESSAGES = [
  { name: "bad JSON", data: "{", outcome: 1008 },
  { name: "bytes", data: Buffer.from(call()), outcome: 1008 },
  { name: "deep JSON", data: "[".repeat(100_000), outcome: 1008 },
  { name: "a message too long", data: "x".repeat(BODY_LIMIT_BYTES + 1), outcome: 1009 },
  { name: "an unknown frame", data: '{"type":"x","id":1}', outcome: 1008 },
  { name: "no frame", data: "5", outcome: 1008 },
  { name: "a bad id", data: call({ id: -1 }), outcome: 1008 },
  { name: "a key twice", data: '{"type":"cancel","id":1,"id":2}', outcome: 1008 },
  { name: "a prototype key", data: '{"type":"cancel","id":1,"__proto__":1}', outcome: 1008 },
  { name: "bad headers", data: call({ headers: { "a b": "x" } }), outcome: 1008 },
  {
    name: "a wrong type",
    data: call({ method: "length", args: [5] }),
    outcome: "INVALID_ARGUMENT",
  },
  { name: "an unknown method", data: call({ method: "nothing" }), outcome: "NOT_FOUND" },
  { name: "an unknown service", data: call({ service: "Nothing" }), outcome: "NOT_FOUND" },
  { name: "no arguments", data: call({ args: undefined }), outcome: "INVALID_ARGUMENT" },
];
