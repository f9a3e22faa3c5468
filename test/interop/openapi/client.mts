import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const [, , baseUrl = ""] = process.argv;
const client = createClient<paths>({ baseUrl });

// By name and by position, with what the document says of both checked by the compiler.
const lines = [{ product: "tea", count: 2 }];
const named = await client.POST("/api/Shop/order", { body: { lines } });
assert.equal(named.data, "1");
const listed = await client.POST("/api/Shop/order", { body: [lines, null] });
assert.equal(listed.data, "1");
const deep = await client.POST("/api/Shop/depth", { body: { root: { kids: [{ kids: [] }] } } });
assert.equal(deep.data, 2);
const hashed = await client.POST("/api/CryptoService/hash_data", {
  body: { data: "Hello, World!" },
});
assert.match(String(hashed.data), /^dffd6021/);

// @ts-expect-error there is no such path
await client.POST("/api/Shop/ordr", { body: {} });
// @ts-expect-error a line needs a count
const refused = await client.POST("/api/Shop/order", { body: { lines: [{ product: "tea" }] } });
assert.equal(refused.error?.code, "INVALID_ARGUMENT");
console.log("a generated client: five calls as they should be");
