// Who resolves functions: each opens a library and gives a function that resolves one of it.
import { TYPES } from "./library.mjs";

export const PEERS = {
  "nearfar, C prototypes": async (path) => {
    const { DynamicLibrary } = await import("../../dist/ffi/index.js");
    return () => {
      const library = new DynamicLibrary(path);
      return ({ prototype }) => library.getFunction(prototype);
    };
  },
  "koffi, C prototypes": async (path) => {
    const { default: koffi } = await import("koffi");
    return () => {
      const library = koffi.load(path);
      return ({ prototype }) => library.func(prototype);
    };
  },
  "nearfar, type names": async (path) => {
    const { DynamicLibrary } = await import("../../dist/ffi/index.js");
    return () => {
      const library = new DynamicLibrary(path);
      return ({ symbol, result, parameters }) =>
        library.getFunction(symbol, {
          arguments: parameters.map((type) => TYPES[type].node),
          return: TYPES[result].node,
        });
    };
  },
  "koffi, type names": async (path) => {
    const { default: koffi } = await import("koffi");
    return () => {
      const library = koffi.load(path);
      return ({ symbol, result, parameters }) =>
        library.func(
          symbol,
          TYPES[result].koffi,
          parameters.map((type) => TYPES[type].koffi),
        );
    };
  },
};
