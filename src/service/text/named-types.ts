import type { Schema } from "../schema/json-schema.js";
import { t } from "../schema/t.js";

type Options = Readonly<Record<string, unknown>>;

/** Types that are one word, with options after it: `int32(minimum: 1)`. */
export const NAMED_TYPES: ReadonlyMap<string, (options: Options) => Schema> = new Map(
  Object.entries({
    null: t.null,
    void: (options: Options) => ({ ...t.void(), ...options }),
    boolean: t.boolean,
    bool: t.boolean,
    integer: t.integer,
    int8: t.int8,
    uint8: t.uint8,
    int16: t.int16,
    uint16: t.uint16,
    int32: t.int32,
    uint32: t.uint32,
    int64: t.int64,
    uint64: t.uint64,
    number: t.number,
    float64: t.float64,
    string: t.string,
    date: t.date,
    datetime: t.datetime,
    time: t.time,
    duration: t.duration,
    uuid: t.uuid,
    uri: t.uri,
    email: t.email,
    bytes: t.bytes,
    binary: t.bytes,
    data: t.data,
    any: t.any,
    pointer: (options: Options) => ({ "x-kind": "pointer" as const, ...options }),
  } satisfies Readonly<Record<string, (options: Options) => Schema>>),
);
