import { isUtf8 } from "node:buffer";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { JsonRefusal, readJson } from "../call/index.js";
import { decodeBody, isEncoded } from "./content-encoding.js";
import { type BodyRefusal, bodyRefusal } from "./problem-reply.js";

const REPLACEMENT = "\uFFFD";
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Reads JSON strictly: bytes that are no UTF-8 are refused (RFC 8259, 8.1) rather than replaced,
 * and so are keys that would change a prototype and keys that an object has twice.
 */
export function addJsonParser(app: FastifyInstance, limitBytes: number): void {
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    (request: FastifyRequest, bytes: Buffer, parsed: Parsed) => {
      if (!isEncoded(request)) parse(bytes, parsed);
      else {
        const decoded = decodeBody(request, bytes, limitBytes);
        decoded.then((plain) => parse(plain, parsed), parsed);
      }
    },
  );
}

type Parsed = (error: Error | null, body?: unknown) => void;

function parse(bytes: Buffer, parsed: Parsed): void {
  const body = read(bytes);
  if (body instanceof JsonRefusal) parsed(refusalOf(bytes, body));
  else parsed(null, body);
}

function read(bytes: Buffer): unknown {
  const text = bytes.toString();
  // Where bytes were replaced, and where a caller sent the very character that stands for such.
  if (text.includes(REPLACEMENT) && !isUtf8(bytes)) return NO_UTF8;
  // A reader may ignore it (RFC 8259, 8.1); some systems' tools write it.
  return readJson(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
}

const NO_UTF8 = new JsonRefusal("be UTF-8");

function refusalOf({ length }: Buffer, { must }: JsonRefusal): BodyRefusal {
  return bodyRefusal(length > 0 ? `must ${must}` : "must be a JSON array or object, got nothing");
}
