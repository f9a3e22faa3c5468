import Fastify from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { defineService, t } from "../../../src/index.js";
import {
  type CorsOptions,
  createServer,
  nearfarPlugin,
  type Server,
  type ServerOptions,
} from "../../../src/server/index.js";

const Work = defineService({
  name: "Work",
  api: "http",
  methods: {
    echo: { parameters: [t.param("x", t.string())], result: t.string(), handler: (x) => x },
  },
});

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(cors: CorsOptions, options: Partial<ServerOptions> = {}): Promise<string> {
  const server = createServer({ services: [Work], cors, ...options });
  servers.push(server);
  return (await server.listen()).url;
}

const PAGE = "https://app.example";

function preflight(url: string, origin: string): Promise<Response> {
  return fetch(`${url}/api/Work/echo`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,nearfar-timeout-ms",
    },
  });
}

function call(url: string, origin: string, body = '["x"]'): Promise<Response> {
  const headers = { origin, "content-type": "application/json" };
  return fetch(`${url}/api/Work/echo`, { method: "POST", headers, body });
}

describe("cors", () => {
  it("lets pages of the origins call that are named, and no others", async () => {
    const url = await start({ origins: [PAGE] });
    const asked = await preflight(url, PAGE);
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe(PAGE);
    expect(asked.headers.get("access-control-allow-methods")).toBe("GET, POST");
    expect(asked.headers.get("access-control-allow-headers")).toContain("nearfar-timeout-ms");
    const answer = await call(url, PAGE);
    expect(answer.headers.get("access-control-allow-origin")).toBe(PAGE);
    expect(answer.headers.get("access-control-expose-headers")).toContain("x-request-id");
    const other = await call(url, "https://evil.example");
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("comes with refusals too, so that a page can read them", async () => {
    const url = await start({ origins: "*" }, { limits: { callsPerSecond: 1 } });
    await call(url, PAGE);
    const refused = await call(url, PAGE);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    expect(refused.headers.get("access-control-expose-headers")).toContain("retry-after");
  });

  it("stays within the plugin", async () => {
    const app = Fastify();
    app.get("/own", async () => "own");
    await app.register(nearfarPlugin, { services: [Work], cors: { origins: [PAGE] } });
    const own = await app.inject({ url: "/own", headers: { origin: PAGE } });
    expect(own.headers).not.toHaveProperty("access-control-allow-origin");
    await app.close();
  });

  it.each([
    [{ origins: [] }, 'cors.origins must be "*" or a list of origins, got an array of 0'],
    [{ origins: ["app.example"] }, 'like "https://app.example", without a path, got "app.example"'],
    [{ origins: ["https://app.example/"] }, 'got "https://app.example/"'],
    [{ origins: "*", credentials: true }, 'must not be true with cors.origins "*"'],
  ])("options %j are refused", async (cors, message) => {
    const server = createServer({ services: [Work], cors: cors as CorsOptions });
    await expect(server.listen()).rejects.toThrow(message);
  });
});
