import { ArgumentError, ServiceError } from "../errors/index.js";
import type { MethodDefinition, ServiceDefinition, UploadHandler } from "../service/definition.js";
import { ServiceHelpers } from "../service/isolated-functions.js";
import { notFound } from "../service/names.js";
import {
  definitionOf,
  handlersOf,
  type ServiceSource,
  uploadsOf,
} from "../service/service-source.js";
import { builtInHandlers } from "./built-in-handlers.js";
import { BUILT_IN_SERVICE } from "./built-in-service.js";
import { CallPolicy, type PolicyOptions } from "./call-policy.js";
import { chooseImplementation, type Implementation } from "./choose-implementation.js";
import { WIRE_FORM } from "./conversion.js";
import type { ErrorLogger } from "./failure.js";
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

export interface DispatcherOptions extends PolicyOptions {
  readonly logger: ErrorLogger;
  /** Takes confidential calls whichever way they come. */
  readonly allowClearTextSecrets?: boolean;
}

/** What answers calls by the names of service and method, whichever way they come. */
export class Dispatcher {
  readonly services: ReadonlyMap<string, ServedService>;
  /** What there is beside them: batches, and calls that nobody waits for. */
  readonly builtIn: ServedService;
  readonly #helpers: ServiceHelpers[] = [];

  /** Throws an ArgumentError for what is no service, and for a second one of a name. */
  constructor(
    sources: readonly ServiceSource[],
    private readonly options: DispatcherOptions,
  ) {
    if (!Array.isArray(sources) || sources.length === 0) {
      throw new ArgumentError("services must be an array of at least one service");
    }
    const policy = new CallPolicy(options);
    const services = new Map<string, ServedService>();
    for (const source of sources as readonly ServiceSource[]) {
      const helpers = new ServiceHelpers(definitionOf(source));
      this.#helpers.push(helpers);
      const served = serve(source, policy, helpers);
      const { name } = served.definition;
      if (name === BUILT_IN_SERVICE.definition.name) {
        throw new ArgumentError(`services has a "${name}", a name that is taken`);
      }
      if (services.has(name)) throw new ArgumentError(`services has a second "${name}"`);
      services.set(name, served);
    }
    this.services = services;
    this.builtIn = serveBuiltIn(builtInHandlers(this, options.logger), policy);
  }

  /** Throws NOT_FOUND, naming what there is. */
  find(service: string, method: string): ServedMethod {
    const isBuiltIn = service === this.builtIn.definition.name;
    const served = isBuiltIn ? this.builtIn : this.services.get(service);
    if (served === undefined) throw notFound("service", service, this.services.keys());
    const found = served.methods.get(method);
    if (found !== undefined) return found;
    throw notFound(`method of ${service}`, method, served.methods.keys());
  }

  /** Answers any call; arguments, items and results in their JSON form. */
  async call(args: unknown, context: IncomingCall, items?: Source): Promise<Answer> {
    const method = this.find(context.service, context.method);
    const { allowClearTextSecrets = false } = this.options;
    if (method.definition.confidential && !context.isPrivate && !allowClearTextSecrets) {
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
    return { value: undefined, items: await method.stream(args, context, items) };
  }

  /** Ends the helper processes of its services, once the calls in them are over. */
  async close(): Promise<void> {
    await Promise.all(this.#helpers.map((helpers) => helpers.close()));
  }
}

function serve(source: ServiceSource, policy: CallPolicy, helpers: ServiceHelpers): ServedService {
  const definition = definitionOf(source);
  const handlers = handlersOf(source);
  const uploads = uploadsOf(source);
  return serveMethods(definition, uploads, policy, (method) => {
    const label = `${definition.name}.${method.name}`;
    return chooseImplementation(label, method, handlers.get(method.name), helpers);
  });
}

function serveBuiltIn(
  handlers: Readonly<Record<string, Implementation>>,
  policy: CallPolicy,
): ServedService {
  return serveMethods(BUILT_IN_SERVICE.definition, new Map(), policy, ({ name }) => {
    const handler = handlers[name];
    if (handler !== undefined) return handler;
    throw new Error(`nothing answers ${name}`);
  });
}

function serveMethods(
  definition: ServiceDefinition,
  uploads: ServedService["uploads"],
  policy: CallPolicy,
  implementationOf: (method: MethodDefinition) => Implementation,
): ServedService {
  const methods = Object.values(definition.methods).map((method) => {
    const implementation = implementationOf(method);
    const served = new ServedMethod(definition.name, method, implementation, WIRE_FORM, policy);
    return [method.name, served] as const;
  });
  return { definition, methods: new Map(methods), uploads };
}
