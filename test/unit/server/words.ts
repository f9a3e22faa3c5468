import { defineService, t } from "../../../src/index.js";
import { callContext } from "../../../src/server/index.js";

export const REQUEST_TIMEOUT_MS = 1_000;
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let onAborted: () => void;
/** Resolves when the handler that waits is told that its caller is gone. */
export function abortedHandler(): Promise<void> {
  return new Promise((resolve) => {
    onAborted = resolve;
  });
}

/** For servers that give a request `REQUEST_TIMEOUT_MS`. */
export const Words = defineService({
  name: "Words",
  api: "http",
  methods: {
    join: {
      parameters: [t.param("words", t.stream(t.string()))],
      result: t.string(),
      handler: async (words) => {
        const all: string[] = [];
        for await (const word of words) all.push(word);
        return all.join(" ");
      },
    },
    /** Reads nothing for longer than a request may take. */
    lateReader: {
      parameters: [t.param("words", t.stream(t.string()))],
      result: t.uint32(),
      handler: async (words) => {
        await pause(2.5 * REQUEST_TIMEOUT_MS);
        let count = 0;
        for await (const _ of words) count++;
        return count;
      },
    },
    /** Has read what there is, and waits for something else. */
    waits: {
      parameters: [t.param("words", t.stream(t.string()))],
      result: t.null(),
      handler: async (words) => {
        const { signal } = callContext();
        for await (const _ of words) break;
        return new Promise<null>(() => signal.addEventListener("abort", () => onAborted()));
      },
    },
    slow: {
      parameters: [],
      result: t.string(),
      handler: async () => {
        await pause(2.5 * REQUEST_TIMEOUT_MS);
        return "slow";
      },
    },
    echo: { parameters: [t.param("x", t.string())], result: t.string(), handler: (x) => x },
  },
});
