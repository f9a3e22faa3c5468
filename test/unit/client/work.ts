import { defineService, t } from "../../../src/index.js";

/** One method that may be sent twice and one that may not, for transports that are made up. */
export const Work = defineService({
  name: "Work",
  api: "http",
  methods: {
    once: { parameters: [], result: t.string() },
    again: { parameters: [], result: t.string(), idempotent: true },
  },
});
