import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServer, type Server } from "../../../src/server/index.js";
import { Chromium } from "../../support/chromium.js";
import { Greeter, isMissing } from "./peers.js";

describe.skipIf(isMissing("chromium"))("a page in Chromium", () => {
  let browser: Chromium;
  let pages: HttpServer;
  let page: string;
  let server: Server;
  let url: string;
  beforeAll(async () => {
    pages = createHttpServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html><title>a page of another origin</title>");
    });
    await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
    page = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    server = createServer({
      services: [Greeter],
      cors: { origins: [page] },
      webSocketOrigins: [page],
      referencePage: true,
    });
    ({ url } = await server.listen());
    browser = await Chromium.start("chromium");
  });
  afterAll(async () => {
    await browser?.close();
    await server.close();
    await new Promise((resolve) => pages.close(resolve));
  });

  const call = (base: string, method: string, args: string): string => `
    fetch("${base}/api/Greeter/${method}", {
      method: "POST",
      headers: { "content-type": "application/json", "nearfar-timeout-ms": "5000" },
      body: ${JSON.stringify(args)},
    })`;

  it("of another origin calls with fetch where it may, and reads errors and ids", async () => {
    await browser.open(page);
    const answer = await browser.evaluate(`${call(url, "greet", '["Chromium"]')}.then(
      async (response) => [await response.json(), response.headers.get("x-request-id") !== null]
    )`);
    expect(answer).toEqual(["Hello, Chromium", true]);
    const refusal = `${call(url, "refuse", "[]")}.then((response) => response.json())`;
    expect(await browser.evaluate(refusal)).toMatchObject({ code: "FAILED_PRECONDITION" });
  });

  it("of an origin that is not named cannot", async () => {
    await browser.open(page.replace("127.0.0.1", "localhost"));
    await expect(browser.evaluate(call(url, "greet", '["x"]'))).rejects.toThrow("Failed to fetch");
  });

  it("reads a stream as it comes, and as events", async () => {
    await browser.open(page);
    const text = `${call(url, "count", "[1]")}.then((response) => response.text())`;
    expect(await browser.evaluate(text)).toBe('{"seq":1,"item":1}\n{"seq":2,"end":true}\n');
    const events = `new Promise((resolve) => {
      const seen = [];
      const source = new EventSource("${url}/api/Greeter/count?to=3");
      source.onmessage = ({ data }) => {
        seen.push(data);
        if (seen.length === 3) { source.close(); resolve(seen); }
      };
    })`;
    expect(await browser.evaluate(events)).toEqual(["1", "2", "3"]);
  });

  /** The frames that come in answer to some, up to the last of call 3. */
  const talk = (base: string): string => `new Promise((resolve, reject) => {
    const socket = new WebSocket("${base.replace("http:", "ws:")}/api", "nearfar.v1");
    const call = (id, method, args, more) =>
      ({ type: "call", id, service: "Greeter", method, args, ...more });
    const seen = [];
    socket.onopen = () => {
      socket.send(JSON.stringify(call(1, "greet", ["Chromium"])));
      socket.send(JSON.stringify([call(2, "refuse", []), call(3, "count", [2], { credit: 64 })]));
    };
    socket.onmessage = ({ data }) => {
      seen.push(...[JSON.parse(data)].flat());
      if (seen.at(-1).type !== "end") return;
      socket.close();
      resolve(seen);
    };
    socket.onerror = () => reject(new Error("the socket failed"));
  })`;

  it("calls over a WebSocket: results, errors and streams, of its own and a named origin", async () => {
    for (const origin of [`${url}/docs`, page]) {
      await browser.open(origin);
      const frames = (await browser.evaluate(talk(url))) as { readonly id: number }[];
      const ofCall = (id: number) => frames.filter((frame) => frame.id === id);
      expect(ofCall(1)).toEqual([{ type: "result", id: 1, value: "Hello, Chromium" }]);
      const error = { code: "FAILED_PRECONDITION", detail: "not today" };
      expect(ofCall(2)).toEqual([{ type: "error", id: 2, error }]);
      expect(ofCall(3)).toEqual([
        { type: "item", id: 3, seq: 1, item: 1 },
        { type: "item", id: 3, seq: 2, item: 2 },
        { type: "end", id: 3, seq: 3 },
      ]);
    }
  });

  it("opens no WebSocket from an origin that is not named", async () => {
    await browser.open(page.replace("127.0.0.1", "localhost"));
    await expect(browser.evaluate(talk(url))).rejects.toThrow("the socket failed");
  });

  it("shows the services and tries a call, with nothing from elsewhere", async () => {
    await browser.open(`${url}/docs`);
    await browser.until(`document.body.innerText.includes("/api/Greeter/greet")`);
    const elsewhere = await browser.evaluate(`performance.getEntriesByType("resource")
      .map(({ name }) => name).filter((name) => /^https?:/.test(name) && !name.startsWith("${url}"))`);
    expect(elsewhere).toEqual([]);
    const button = `[...document.querySelectorAll("button")]
      .find(({ innerText, ariaLabel }) => /test request/i.test(innerText + ariaLabel))`;
    await browser.until(`${button} !== undefined`);
    await browser.evaluate(`${button}.click()`);
    const send = `[...document.querySelectorAll("button")]
      .find(({ innerText }) => /^send/i.test(innerText.trim()))`;
    await browser.until(`${send} !== undefined`);
    const arrived = new Promise<string>((resolve) => {
      server.app.server.on("request", ({ url: path }: { url: string }) => {
        if (path.startsWith("/api/Greeter/")) resolve(path);
      });
    });
    await browser.evaluate(`${send}.click()`);
    expect(await arrived).toMatch(/^\/api\/Greeter\/\w+$/);
  });
});
