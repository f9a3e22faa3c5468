import { CONTENT } from "./any-codec.js";
import { useCodec } from "./codec.js";
import type { Schema } from "./json-schema.js";
import { t } from "./t.js";

/**
 * `t.any()` for what somebody else's message or result holds of a caller's: it may be as deep there
 * as by itself.
 */
export function contentSchema(): Schema<unknown> {
  const schema = t.any();
  useCodec(schema, CONTENT);
  return schema;
}
