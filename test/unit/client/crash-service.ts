import { defineService, type Isolation } from "../../../src/index.js";
import { crashesLibrary } from "../../support/compile.js";
import { methodsOf } from "./native-method.js";

/** Functions that end their process, and some that do not. */
export function crashService(isolate: Isolation) {
  const of = methodsOf(crashesLibrary, isolate);
  return defineService({
    name: "Crash",
    methods: {
      crash_never: of("int crash_never(int x)"),
      crash_kill: of("void crash_kill(void)"),
      crash_sleep: of("void crash_sleep(int milliseconds)"),
      crash_count: of("int crash_count(void)"),
      repeated: { idempotent: true, ...of("int crash_times(unsigned char *left, int x)") },
    },
    api: "ffi",
  });
}
