import { ServiceError } from "../errors/index.js";
import { toServiceError } from "../service/to-service-error.js";
import { callContext } from "./call-context.js";
import { CallRegistry } from "./call-registry.js";
import type { Implementation } from "./choose-implementation.js";
import type { Dispatcher } from "./dispatcher.js";
import { type ErrorLogger, explainFailure } from "./failure.js";
import { IncomingCall } from "./incoming-call.js";
import { type FrameError, frameError } from "./ndjson.js";
import { type CallSpec, NestedCall } from "./nested-call.js";

interface Outcome {
  readonly value?: unknown;
  readonly error?: FrameError;
}

/** What answers the calls of BUILT_IN_SERVICE, by method. */
export function builtInHandlers(
  dispatcher: Dispatcher,
  logger: ErrorLogger,
): Readonly<Record<string, Implementation>> {
  const registry = new CallRegistry();
  const explain = ({ service, method }: CallSpec, error: unknown): ServiceError =>
    explainFailure(error, `${service}.${method}`, logger);

  const outcomeOf = async (spec: CallSpec, parent: IncomingCall): Promise<Outcome> => {
    try {
      return { value: await callOnce(dispatcher, spec, parent, parent.signal) };
    } catch (error) {
      return { error: frameError(explain(spec, error)) };
    }
  };

  return {
    batch: (calls) => {
      const parent = currentCall();
      return Promise.all((calls as readonly CallSpec[]).map((spec) => outcomeOf(spec, parent)));
    },
    start: (call) => {
      const spec = call as CallSpec;
      const parent = currentCall();
      // What is wrong with the names is told at once.
      dispatcher.find(spec.service, spec.method);
      return registry.start(
        parent.caller?.id,
        (signal) => callOnce(dispatcher, spec, parent, signal),
        (error) => explain(spec, error),
      );
    },
    status: (id) => registry.status(currentCall().caller?.id, id as string),
    result: async (id, waitMs) => {
      const owner = currentCall().caller?.id;
      const outcome = await registry.result(owner, id as string, waitMs as number);
      if (outcome === undefined) return { status: "IN_PROGRESS" };
      if (outcome.status === "OK") return outcome;
      return {
        status: outcome.status,
        error: frameError(toServiceError(outcome.error, "the call")),
      };
    },
    cancel: (id) => registry.cancel(currentCall().caller?.id, id as string),
  };
}

async function callOnce(
  dispatcher: Dispatcher,
  spec: CallSpec,
  parent: IncomingCall,
  signal: AbortSignal,
): Promise<unknown> {
  const method = dispatcher.find(spec.service, spec.method);
  if (method.definition.stream !== undefined) {
    const message = `${method.label} is a stream, and can only be called by itself`;
    throw new ServiceError("INVALID_ARGUMENT", message);
  }
  const { value } = await dispatcher.call(spec.args, new NestedCall(spec, parent, signal));
  return value ?? null;
}

function currentCall(): IncomingCall {
  const context = callContext();
  if (context instanceof IncomingCall) return context;
  throw new ServiceError("INTERNAL", "the call has no way that it came");
}
