import type { FastifyCorsOptions } from "@fastify/cors";
import type { FastifyInstance, FastifyPluginCallback } from "fastify";
import { ArgumentError, describeValue } from "../errors/index.js";
import { requireBoolean, requireKnownOptions } from "../internal/options.js";
import { IDEMPOTENCY_HEADER, TIMEOUT_HEADER } from "../service/problem.js";
import { loadPeer } from "./load-peer.js";
import { REQUEST_ID_HEADER } from "./request-id.js";

/** Which pages of other origins may call, in browsers. */
export interface CorsOptions {
  /** `https://app.example`, without a path; "*" for all. */
  readonly origins: "*" | readonly string[];
  /** Whether cookies and client certificates go with their calls. Not with "*". Default false. */
  readonly credentials?: boolean;
}

/** What browsers may remember of it, in seconds: as long as Chromium does at most, 2 h. */
const MAX_AGE_SECONDS = 7200;

const REQUEST_HEADERS = [
  "accept",
  "authorization",
  "content-type",
  "last-event-id",
  "traceparent",
  "tracestate",
  IDEMPOTENCY_HEADER,
  REQUEST_ID_HEADER,
  TIMEOUT_HEADER,
];

/** Answers browsers that ask whether a page may call. Throws an ArgumentError. */
export function addCors(app: FastifyInstance, options: CorsOptions): void {
  requireKnownOptions(options, ["origins", "credentials"], "cors");
  const { origins, credentials = false } = options;
  requireBoolean(credentials, "cors.credentials");
  if (origins !== "*") checkOrigins(origins);
  else if (credentials) {
    throw new ArgumentError('cors.credentials must not be true with cors.origins "*"');
  }
  const cors = loadPeer<FastifyPluginCallback<FastifyCorsOptions>>(
    "@fastify/cors",
    "the option cors",
  );
  app.register(cors, {
    origin: origins === "*" ? "*" : [...origins],
    credentials,
    methods: ["GET", "POST"],
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: ["retry-after", REQUEST_ID_HEADER],
    maxAge: MAX_AGE_SECONDS,
  });
}

function checkOrigins(origins: unknown): void {
  if (!Array.isArray(origins) || origins.length === 0) {
    throw new ArgumentError(
      `cors.origins must be "*" or a list of origins, got ${describeValue(origins)}`,
    );
  }
  for (const origin of origins as readonly unknown[]) {
    if (typeof origin === "string" && URL.canParse(origin) && new URL(origin).origin === origin) {
      continue;
    }
    const got = typeof origin === "string" ? JSON.stringify(origin) : describeValue(origin);
    throw new ArgumentError(
      `cors.origins must be like "https://app.example", without a path, got ${got}`,
    );
  }
}
