import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineService, t } from "../../../src/index.js";
import { createServer } from "../../../src/server/index.js";

const Echo = defineService({
  name: "Echo",
  api: "http",
  methods: { echo: { parameters: [t.param("x", t.any())], result: t.any(), handler: (x) => x } },
});

const server = createServer({ services: [Echo] });

async function post(payload: string): Promise<{ status: number; text: string }> {
  const headers = { "content-type": "application/json" };
  const url = "/api/Echo/echo";
  const { statusCode, body } = await server.app.inject({ method: "POST", url, headers, payload });
  return { status: statusCode, text: body };
}

/** `[[[...]]]`, the arguments' own array included. */
const nested = (levels: number, inside = ""): string =>
  `${"[".repeat(levels)}${inside}${"]".repeat(levels)}`;

describe("nesting", () => {
  it("of 500 levels is read in an argument, and one more is not", async () => {
    expect((await post(nested(501))).status).toBe(200);
    const deeper = await post(nested(502));
    expect(deeper.status).toBe(400);
    const problem = "argument 1 (x)[0][0][0]... must not be nested deeper than 500 levels";
    expect(deeper.text).toContain(problem);
  });

  it("of a body ends before anything is made of it", async () => {
    const deeper = await post(nested(511));
    expect(deeper.status).toBe(400);
    expect(deeper.text).toContain("body must not be nested deeper than 510 levels");
    expect((await post(nested(100_000))).text).toBe(deeper.text);
  });

  it("is not what looks like it in strings", async () => {
    const lookalike = JSON.stringify(["[{".repeat(2000)]);
    expect((await post(lookalike)).status).toBe(200);
    const escaped = JSON.stringify([`\\"${"[".repeat(2000)}\\\\"`]);
    expect((await post(escaped)).status).toBe(200);
    const around = `[[${nested(400)}, "\\\\", ${nested(500)}]]`;
    expect((await post(around)).status).toBe(400);
  });

  it("is told for any text that is JSON", async () => {
    const deep = fc.tuple(fc.json(), fc.integer({ min: 1, max: 600 }));
    await fc.assert(
      fc.asyncProperty(deep, async ([inside, levels]) => {
        const own = depthOf(JSON.parse(inside));
        const { status } = await post(nested(levels, inside));
        expect(status === 200).toBe(levels + own <= 501);
      }),
      { numRuns: 100, examples: [[["{}", 500]], [['"[["', 501]]] },
    );
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
