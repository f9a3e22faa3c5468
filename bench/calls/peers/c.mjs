// The loop of a vector call written in C and called once: what the calls themselves take.
import { open as openNearfar } from "./nearfar.mjs";

export async function open(paths) {
  const { call } = await openNearfar(paths);
  return {
    call,
    map() {
      const addColumns = call("add_columns");
      return (a, b, out) => addColumns(a, b, out, out.length);
    },
  };
}
