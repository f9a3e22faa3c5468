import type { Transport } from "../call/index.js";
import { ArgumentError, describeValue } from "../errors/index.js";
import { requireString } from "../internal/options.js";
import type { MethodDefinition } from "../service/definition.js";
import { notFound, toPositions } from "../service/names.js";
import { definitionOf, type ServiceSource } from "../service/service-source.js";
import { toServiceError } from "../service/to-service-error.js";
import type { ClientMethod } from "./client-methods.js";
import { createClient } from "./create-client.js";
import { type ClientOptions, resolveClientOptions } from "./options.js";

export interface RuntimeOptions extends ClientOptions {
  /** The services that can be called. */
  readonly services: readonly ServiceSource[];
}

interface RuntimeService {
  readonly methods: Readonly<Record<string, MethodDefinition>>;
  readonly client: Readonly<Record<string, ClientMethod>>;
  close(): Promise<void>;
}

/** For callers that know names of services and methods only at run time. */
export class Runtime {
  private readonly services = new Map<string, RuntimeService>();
  private readonly transport: Transport | undefined;
  private readonly ownsTransport: boolean;

  /** One transport serves all services. Throws as `createClient` does. */
  constructor(options: RuntimeOptions) {
    const { services, ...clientOptions } = options;
    if (!Array.isArray(services)) throw new ArgumentError("services must be an array of services");
    const { transport, ownsTransport } = resolveClientOptions(clientOptions);
    this.transport = transport;
    this.ownsTransport = ownsTransport;
    const { baseUrl: _, ...shared } = clientOptions;
    try {
      this.addServices(services, shared);
    } catch (error) {
      void this.close();
      throw error;
    }
  }

  /**
   * Calls a method with arguments by position (array) or by name (object). Rejects with NOT_FOUND,
   * naming what there is, for an unknown service or method.
   */
  async callFunction(
    service: string,
    method: string,
    args: readonly unknown[] | Readonly<Record<string, unknown>> = [],
  ): Promise<unknown> {
    requireString(service, "service");
    requireString(method, "method");
    if (typeof args !== "object" || args === null) {
      throw new ArgumentError(
        `args must be an array (by position) or an object (by name), got ${describeValue(args)}`,
        "ERR_INVALID_ARG_TYPE",
      );
    }
    const found = this.services.get(service);
    if (found === undefined) throw notFound("service", service, [...this.services.keys()]);
    const definition = Object.hasOwn(found.methods, method) ? found.methods[method] : undefined;
    const call = found.client[method];
    if (definition === undefined || call === undefined) {
      throw notFound(`method of ${service}`, method, Object.keys(found.methods));
    }
    const list: readonly unknown[] = Array.isArray(args)
      ? args
      : byName(definition, args as Readonly<Record<string, unknown>>);
    return call(...list);
  }

  /** Closes the connections, and ends helper processes. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([...this.services.values()].map((service) => service.close()));
    if (this.ownsTransport) await this.transport?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private addServices(services: readonly ServiceSource[], shared: ClientOptions): void {
    const { transport } = this;
    for (const source of services) {
      const { name, methods } = definitionOf(source);
      if (this.services.has(name)) throw new ArgumentError(`services has a second "${name}"`);
      const client = createClient(source, {
        ...shared,
        ...(transport !== undefined && { transport }),
      });
      this.services.set(name, {
        methods,
        client: client as unknown as RuntimeService["client"],
        close: () => client.$close(),
      });
    }
  }
}

function byName(
  { parameters }: MethodDefinition,
  named: Readonly<Record<string, unknown>>,
): unknown[] {
  try {
    return toPositions(parameters, named);
  } catch (error) {
    throw toServiceError(error, "the call");
  }
}
