import { isUtf8 } from "node:buffer";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { findDuplicateKey, isNestedDeeper, MAX_JSON_DEPTH } from "../call/index.js";
import { decodeBody, isEncoded } from "./content-encoding.js";
import { HttpRefusal } from "./problem-reply.js";

const REPLACEMENT = "\uFFFD";
const NO_UTF8 = ["INVALID_ARGUMENT", "body must be UTF-8", 400] as const;
const TOO_DEEP = [
  "INVALID_ARGUMENT",
  `body must not be nested deeper than ${MAX_JSON_DEPTH} levels`,
  400,
] as const;

/**
 * Reads JSON strictly: bytes that are no UTF-8 are refused (RFC 8259, 8.1) rather than replaced,
 * and so are keys that would change a prototype and keys that an object has twice.
 */
export function addJsonParser(app: FastifyInstance, limitBytes: number): void {
  const parseText = app.getDefaultJsonParser("error", "error");
  const parse = (request: FastifyRequest, bytes: Buffer, parsed: Parsed): void => {
    const text = bytes.toString();
    // Where bytes were replaced, and where a caller sent the very character that stands for such.
    if (text.includes(REPLACEMENT) && !isUtf8(bytes)) {
      parsed(new HttpRefusal(...NO_UTF8));
      return;
    }
    if (isNestedDeeper(text, MAX_JSON_DEPTH)) {
      parsed(new HttpRefusal(...TOO_DEEP));
      return;
    }
    parseText(request, text, (error, body) => {
      const path = error === null ? findDuplicateKey(text, body) : undefined;
      if (path === undefined) parsed(error, body);
      else
        parsed(
          new HttpRefusal("INVALID_ARGUMENT", `body must have the key ${path} only once`, 400),
        );
    });
  };
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    (request, bytes: Buffer, parsed) => {
      if (!isEncoded(request)) parse(request, bytes, parsed);
      else {
        const decoded = decodeBody(request, bytes, limitBytes);
        decoded.then((plain) => parse(request, plain, parsed), parsed);
      }
    },
  );
}

type Parsed = (error: Error | null, body?: unknown) => void;
