import { defineService } from "../../service/index.js";
import { CryptoService } from "../../services/index.js";

/** One function of the C library for mathematics, declared as its manual does. */
const mathService = (isolate: boolean) =>
  defineService({
    name: "MathService",
    methods: {
      cos: {
        native: {
          library: { linux: "libm.so.6", darwin: "libSystem.B.dylib", win32: "ucrtbase.dll" },
          declaration: "double cos(double x)",
          isolate,
        },
        handler: (x: number) => Math.cos(x),
        idempotent: true,
      },
    },
  });

export const MathService = mathService(false);

/** The same in a helper process. */
export const AsideMathService = mathService(true);

/** What the server of the bench serves, and its clients call. */
export const benchServices = [CryptoService, MathService];
