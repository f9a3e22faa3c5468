import type { FastifyInstance, FastifyRequest } from "fastify";
import { CBOR_CONTENT_TYPE, type CborFormat, loadCbor, loadedCbor } from "../service/cbor/cbor.js";
import { decodeBody, isEncoded } from "./content-encoding.js";
import { bodyRefusal, httpRefusal, NOT_JSON } from "./problem-reply.js";

/** Reads bodies of `application/cbor`, where the package cborg is installed. */
export function addCborParser(app: FastifyInstance, limitBytes: number): void {
  // Before the first request, so that the first answer can be in CBOR.
  app.addHook("onReady", async () => {
    await loadCbor();
  });
  app.addContentTypeParser(
    CBOR_CONTENT_TYPE,
    { parseAs: "buffer" },
    async (request: FastifyRequest, bytes: Buffer) => {
      const cbor = await loadCbor();
      if (cbor === undefined) throw httpRefusal(...NOT_JSON);
      const body = isEncoded(request) ? await decodeBody(request, bytes, limitBytes) : bytes;
      try {
        return cbor.decode(body);
      } catch {
        throw bodyRefusal("must be valid CBOR");
      }
    },
  );
}

/** For a caller that takes CBOR, where this server has it. Weights are not compared. */
export function cborFor(accept: string | undefined): CborFormat | undefined {
  const ranges = accept?.toLowerCase();
  if (!ranges?.includes(CBOR_CONTENT_TYPE)) return undefined;
  const isWanted = ranges.split(",").some((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    return type === CBOR_CONTENT_TYPE && !parameters.some((each) => /^q=0(\.0*)?$/.test(each));
  });
  return isWanted ? loadedCbor() : undefined;
}
