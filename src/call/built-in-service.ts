import { defineService } from "../service/define-service.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import { contentSchema } from "../service/schema/content.js";
import { t } from "../service/schema/t.js";

/** Calls of a batch, so that one request is bounded in what it sets off. */
export const MAX_BATCH = 1_000;

/** How long one request waits for a result at most; proxies cut connections that are silent. */
export const MAX_WAIT_MS = 25_000;

const call = t.object({
  service: t.string(),
  method: t.string(),
  args: contentSchema(),
  headers: t.optional(t.map(t.string())),
  timeoutMs: t.optional(t.uint32({ minimum: 1, maximum: MAX_TIMEOUT_MS })),
});

const error = t.object({ code: t.string(), detail: t.string() });

const status = t.enum(["IN_PROGRESS", "OK", "FAILED", "CANCELLED", "TIMEOUT"]);

/** What every server offers about the calls of its services. The name is taken. */
export const BUILT_IN_SERVICE = defineService({
  name: "Nearfar",
  api: "http",
  methods: {
    batch: {
      description: "Many calls in one request, each with an outcome of its own",
      parameters: [t.param("calls", t.array(call, { maxItems: MAX_BATCH }))],
      result: t.array(t.object({ value: t.optional(contentSchema()), error: t.optional(error) })),
    },
    start: {
      description: "Begins a call and does not wait for it",
      parameters: [t.param("call", call)],
      result: t.string(),
    },
    status: { parameters: [t.param("id", t.string())], result: status },
    result: {
      description: "How a call has ended; waits for it",
      parameters: [
        t.param("id", t.string()),
        t.param("waitMs", t.uint32({ maximum: MAX_WAIT_MS })),
      ],
      result: t.object({ status, value: t.optional(contentSchema()), error: t.optional(error) }),
    },
    cancel: { parameters: [t.param("id", t.string())], result: t.boolean() },
  },
});
