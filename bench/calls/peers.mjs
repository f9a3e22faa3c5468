// How each peer reaches the functions of library.c. `functions(library, byHand)` gives them by name.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

const PROTOTYPES = {
  no_op: "void no_op(void)",
  add_int32: "int32_t add_int32(int32_t a, int32_t b)",
  add_float64: "double add_float64(double a, double b)",
  sum_six: "uint32_t sum_six(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)",
  add_int64: "int64_t add_int64(int64_t a, int64_t b)",
  last_byte: "uint32_t last_byte(const uint8_t *data, uint32_t length)",
  text_length: "size_t text_length(const char *text)",
};

async function nearfar(name, { library }) {
  const { DynamicLibrary } = await import("../../dist/ffi/index.js");
  return new DynamicLibrary(library).getFunction(PROTOTYPES[name]);
}

export const PEERS = {
  nearfar,
  "nearfar by Node-API": (name, paths) => {
    process.env.NEARFAR_FAST = "off";
    return nearfar(name, paths);
  },
  koffi: async (name, { library }) => {
    const { default: koffi } = await import("koffi");
    return koffi.load(library).func(PROTOTYPES[name]);
  },
  "Node-API by hand": async (name, { byHand }) => require(byHand)[name],
};
