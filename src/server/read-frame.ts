import { type CallFrame, type ClientFrame, JsonRefusal, readJson } from "../call/index.js";
import { untraced } from "../errors/index.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";

/** As field names are in HTTP (RFC 9110, 5.1), in lower case. */
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
const MAX_HEADER_LENGTH = 8192;
const MAX_HEADERS = 64;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a message of a caller: one frame or several. Throws an Error, in words, for anything else.
 */
export function readFrames(text: string): readonly ClientFrame[] {
  const message = readJson(text);
  if (message instanceof JsonRefusal) {
    // Without the path: the reason of a close has 123 bytes (RFC 6455, 5.5).
    const isAmbiguous = message.duplicate !== undefined;
    throw bad(`a message must be ${isAmbiguous ? "without equal keys" : "valid JSON"}`);
  }
  return Array.isArray(message) ? message.map(readFrame) : [readFrame(message)];
}

function readFrame(frame: unknown): ClientFrame {
  if (typeof frame !== "object" || frame === null) throw bad("a frame must be an object");
  const fields = frame as Fields;
  if (!isCount(fields.id)) throw bad("id must be a positive integer");
  switch (fields.type) {
    case "call":
      return readCall(fields);
    case "item":
    case "end":
      if (!isCount(fields.seq)) throw bad("seq must be a positive integer");
      return fields as unknown as ClientFrame;
    case "credit":
      if (!isCount(fields.count) || fields.count > 65_535) {
        throw bad("count must be an integer from 1 to 65535");
      }
      return fields as unknown as ClientFrame;
    case "cancel":
      return fields as unknown as ClientFrame;
    default:
      throw bad("type must be call, item, end, credit or cancel");
  }
}

function readCall(fields: Fields): CallFrame {
  const { service, method, timeoutMs, resumeAfter, credit } = fields;
  if (typeof service !== "string" || typeof method !== "string") {
    throw bad("service and method must be strings");
  }
  if (timeoutMs !== undefined && !(isCount(timeoutMs) && timeoutMs <= MAX_TIMEOUT_MS)) {
    throw bad(`timeoutMs must be an integer from 1 to ${MAX_TIMEOUT_MS}`);
  }
  if (resumeAfter !== undefined && resumeAfter !== 0 && !isCount(resumeAfter)) {
    throw bad("resumeAfter must be the number of an item");
  }
  if (credit !== undefined && !(isCount(credit) && credit <= 65_535)) {
    throw bad("credit must be an integer from 1 to 65535");
  }
  if (fields.headers !== undefined) requireHeaders(fields.headers);
  return fields as unknown as CallFrame;
}

function requireHeaders(headers: unknown): void {
  if (typeof headers !== "object" || headers === null) throw bad("headers must be an object");
  const entries = Object.entries(headers);
  const areGood = entries.every(
    ([name, value]) =>
      HEADER_NAME.test(name) && typeof value === "string" && value.length <= MAX_HEADER_LENGTH,
  );
  if (areGood && entries.length <= MAX_HEADERS) return;
  throw bad("headers must be strings by names in lower case");
}

function bad(problem: string): Error {
  return untraced(() => new Error(problem));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
