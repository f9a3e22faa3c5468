import { vi } from "vitest";

export type CryptoModule = typeof import("../../../src/crypto/index.js");

/** `nearfar/crypto` as a program sees it with and without the native binary. */
export async function loadBackend(name: "native" | "node"): Promise<CryptoModule> {
  vi.resetModules();
  if (name === "node") vi.stubEnv("NEARFAR_NATIVE", "off");
  try {
    const crypto = await import("../../../src/crypto/index.js");
    if (crypto.backend !== name) throw new Error(`the ${name} backend is not available here`);
    return crypto;
  } finally {
    vi.unstubAllEnvs();
  }
}

export const native = await loadBackend("native");
export const node = await loadBackend("node");

/** For `describe.each`: what holds for one backend holds for the other. */
export const backends = [
  { name: "native", crypto: native },
  { name: "node", crypto: node },
] as const;

/** The canonical names of the hash algorithms. */
export function namesOf(crypto: CryptoModule): string[] {
  return crypto.algorithms().map(({ name }) => name);
}

/** What a call throws, as a caller can tell it; fails if nothing is thrown. */
export function errorOf(call: () => unknown): { name: string; code: unknown; message: string } {
  try {
    call();
  } catch (error) {
    const { name, message } = error as Error;
    return { name, code: (error as { code?: unknown }).code, message };
  }
  throw new Error("nothing was thrown");
}

/** What a promise is rejected with; fails if it is not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("the promise was not rejected");
}

/** Bytes whose memory was given away. */
export function detached<View extends ArrayBufferView>(view: View): View {
  structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] });
  return view;
}
