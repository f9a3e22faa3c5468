// by-hand.c: an addon for exactly these functions.
import { createRequire } from "node:module";
import { asyncLoop } from "../loops.mjs";

export async function open({ byHand }) {
  const addon = createRequire(import.meta.url)(byHand);
  return {
    call: (name) => addon[name],
    callback: (listener) => listener,
    asyncLoop: (_name, count) => asyncLoop(count, addon.add_int32_async),
  };
}
