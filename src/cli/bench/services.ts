import { defineService } from "../../service/index.js";
import { CryptoService } from "../../services/index.js";

/** One function of the C library for mathematics, declared as its manual does. */
export const MathService = defineService({
  name: "MathService",
  methods: {
    cos: {
      native: {
        library: { linux: "libm.so.6", darwin: "libSystem.B.dylib", win32: "ucrtbase.dll" },
        declaration: "double cos(double x)",
      },
      handler: (x: number) => Math.cos(x),
      idempotent: true,
    },
  },
});

/** What the server of the bench serves, and its clients call. */
export const benchServices = [CryptoService, MathService];
