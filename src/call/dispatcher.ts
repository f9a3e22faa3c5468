import { ArgumentError, ServiceError } from "../errors/index.js";
import type { ServiceDefinition, UploadHandler } from "../service/definition.js";
import { notFound } from "../service/names.js";
import {
  definitionOf,
  handlersOf,
  type ServiceSource,
  uploadsOf,
} from "../service/service-source.js";
import { chooseImplementation } from "./choose-implementation.js";
import type { Source } from "./guarded-stream.js";
import type { IncomingCall } from "./incoming-call.js";
import { ServedMethod } from "./served-method.js";

/** A service whose methods are answered in this process. */
export interface ServedService {
  readonly definition: ServiceDefinition;
  readonly methods: ReadonlyMap<string, ServedMethod>;
  readonly uploads: ReadonlyMap<string, UploadHandler>;
}

/** An answer: one result, or a stream of them. */
export interface Answer {
  readonly value: unknown;
  readonly items?: AsyncIterableIterator<unknown>;
}

/** What answers calls by the names of service and method, whichever way they come. */
export class Dispatcher {
  readonly services: ReadonlyMap<string, ServedService>;

  /** Throws an ArgumentError for what is no service, and for a second one of a name. */
  constructor(sources: readonly ServiceSource[]) {
    if (!Array.isArray(sources) || sources.length === 0) {
      throw new ArgumentError("services must be an array of at least one service");
    }
    const services = new Map<string, ServedService>();
    for (const source of sources as readonly ServiceSource[]) {
      const served = serve(source);
      const { name } = served.definition;
      if (services.has(name)) throw new ArgumentError(`services has a second "${name}"`);
      services.set(name, served);
    }
    this.services = services;
  }

  /** Throws NOT_FOUND, naming what there is. */
  find(service: string, method: string): ServedMethod {
    const served = this.services.get(service);
    if (served === undefined) throw notFound("service", service, this.services.keys());
    const found = served.methods.get(method);
    if (found !== undefined) return found;
    throw notFound(`method of ${service}`, method, served.methods.keys());
  }

  /** Answers any call; arguments, items and results in their JSON form. */
  async call(args: unknown, context: IncomingCall, items?: Source): Promise<Answer> {
    const method = this.find(context.service, context.method);
    if (method.definition.confidential && !context.isPrivate) {
      throw new ServiceError(
        "FAILED_PRECONDITION",
        `${method.label} carries a secret, which must not cross a network in clear text`,
      );
    }
    const takesItems = method.definition.items !== undefined;
    if (takesItems !== (items !== undefined)) {
      const problem = takesItems ? "takes a stream of items" : "takes no stream of items";
      throw new ServiceError("INVALID_ARGUMENT", `${method.label} ${problem}`);
    }
    if (!method.givesStream) return { value: await method.call(args, context, items) };
    return { value: undefined, items: method.stream(args, context, items) };
  }
}

function serve(source: ServiceSource): ServedService {
  const definition = definitionOf(source);
  const handlers = handlersOf(source);
  const methods = Object.values(definition.methods).map((method) => {
    const label = `${definition.name}.${method.name}`;
    const implementation = chooseImplementation(label, method, handlers.get(method.name));
    return [method.name, new ServedMethod(definition.name, method, implementation)] as const;
  });
  return { definition, methods: new Map(methods), uploads: uploadsOf(source) };
}
