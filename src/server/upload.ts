import type { FastifyRequest } from "fastify";
import { ServiceError } from "../errors/index.js";
import type { CallCodec } from "../service/call-codec.js";
import type { MethodDefinition, UploadHandler } from "../service/definition.js";
import { requireIdentity } from "./content-encoding.js";
import { type HttpRefusal, httpRefusal } from "./problem-reply.js";
import { fromQuery } from "./query-value.js";

/** The content type of bodies that are handed on as they arrive. */
export const UPLOAD_CONTENT_TYPE = "application/octet-stream";

export function isUpload(request: FastifyRequest): boolean {
  const type = request.headers["content-type"];
  // What nearly all requests have need not be taken apart.
  if (type === undefined || type === "application/json") return false;
  return type.split(";", 1)[0]?.trim().toLowerCase() === UPLOAD_CONTENT_TYPE;
}

/** A raw body stands for a method's first argument; the others are in the query. */
export class Upload {
  constructor(
    private readonly method: MethodDefinition,
    private readonly codec: CallCodec,
    private readonly handler: UploadHandler,
    private readonly limitBytes: number,
  ) {}

  /** Starts the work on a request's body. Throws for a body that says that it is too long. */
  answer(request: FastifyRequest): () => unknown {
    requireIdentity(request);
    const length = Number(request.headers["content-length"] ?? 0);
    if (length > this.limitBytes) throw tooLarge(this.limitBytes);
    const args = this.readArguments(request.query as Readonly<Record<string, unknown>>);
    const body = limited(request.raw, this.limitBytes);
    return () => this.handler(body, ...(args as never[]));
  }

  private readArguments(query: Readonly<Record<string, unknown>>): unknown[] {
    const [first, ...rest] = this.method.parameters;
    const named: Record<string, unknown> = { ...query };
    for (const { name, schema } of rest) {
      const text = named[name];
      if (typeof text === "string" && schema.type !== "string") named[name] = fromQuery(text);
    }
    if (first !== undefined) {
      if (Object.hasOwn(query, first.name)) throw namedTwice(first.name);
      // Decoded with nothing in its place, so that the others are checked as ever.
      named[first.name] = "";
    }
    const [, ...args] = this.codec.decodeArguments(named);
    return args;
  }
}

function namedTwice(name: string): HttpRefusal {
  return httpRefusal("INVALID_ARGUMENT", `the body is ${name}; the query must not name it`, 400);
}

async function* limited(
  body: AsyncIterable<Uint8Array>,
  limitBytes: number,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  const iterator = body[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await iterator.next().catch(throwCancelled);
    if (done === true) return;
    received += value.byteLength;
    if (received > limitBytes) throw tooLarge(limitBytes);
    yield value;
  }
}

/** A request's body fails for one reason only: nobody sends it any more. */
function throwCancelled(cause: unknown): never {
  throw new ServiceError("CANCELLED", "the caller is gone", { cause });
}

function tooLarge(limitBytes: number): HttpRefusal {
  return httpRefusal("RESOURCE_EXHAUSTED", `body must be at most ${limitBytes} bytes`, 413);
}
