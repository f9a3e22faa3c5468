import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Dispatcher, ServedService } from "../call/index.js";
import { CALL_LOG } from "./call-log.js";
import { type CallName, type CallObserver, observingHook } from "./call-observer.js";
import { compressAnswers } from "./content-encoding.js";
import { addCors } from "./cors.js";
import { type CallGate, gateHook, makeGate } from "./limits.js";
import type { FailCall } from "./method-route.js";
import { Metrics } from "./metrics.js";
import { addOpenApi, addReferencePage } from "./openapi-routes.js";
import type { PluginSettings } from "./plugin-options.js";
import { callerByCertificate } from "./tls-caller.js";

/**
 * What stands around the routes of services. What is not asked for costs a call nothing. Gives what
 * stands around calls that come in other ways too.
 */
export function addFeatures(
  app: FastifyInstance,
  settings: PluginSettings,
  dispatcher: Dispatcher,
  fail: FailCall,
): { readonly gate: CallGate | undefined; readonly observers: readonly CallObserver[] } {
  const { compressAboveBytes, cors } = settings;
  const observers = addObservers(app, settings, dispatcher);
  if (cors !== undefined) addCors(app, cors);
  const gate = addGate(app, settings, fail);
  if (compressAboveBytes !== undefined) compressAnswers(app, compressAboveBytes);
  if (settings.openApi) addOpenApi(app, settings.services);
  if (settings.referencePage) addReferencePage(app);
  return { gate, observers };
}

function addGate(
  app: FastifyInstance,
  { limits }: PluginSettings,
  fail: FailCall,
): CallGate | undefined {
  const gate = makeGate(limits);
  if (gate === undefined) return undefined;
  const hook = gateHook(gate, callerOf, fail);
  // After the hook of CORS, so that a page can read a refusal.
  app.after(() => {
    app.addHook("onRequest", (request, reply, proceed) => {
      if (isCall(app, request)) hook(request, reply, proceed);
      else proceed();
    });
  });
  app.addHook("onClose", async () => gate.close());
  return gate;
}

function addObservers(
  app: FastifyInstance,
  { metrics, logCalls }: PluginSettings,
  dispatcher: Dispatcher,
): readonly CallObserver[] {
  const observers: CallObserver[] = logCalls ? [CALL_LOG] : [];
  if (metrics) {
    const measured = new Metrics();
    observers.push(measured);
    app.get("/metrics", async (_, reply) => {
      const text = await measured.text();
      return reply.header("content-type", measured.contentType).send(text);
    });
  }
  if (observers.length === 0) return observers;
  const names = new Map<string, CallName>();
  for (const { definition, methods } of servedBy(dispatcher)) {
    const service = definition.name;
    for (const method of methods.keys()) {
      names.set(`${app.prefix}/api/${service}/${method}`, { service, method });
    }
  }
  const observe = observingHook(observers, (request) => names.get(pathOf(request)) ?? UNKNOWN);
  app.addHook("onRequest", (request, reply, proceed) => {
    if (isCall(app, request)) observe(request, reply, proceed);
    else proceed();
  });
  return observers;
}

function servedBy({ services, builtIn }: Dispatcher): readonly ServedService[] {
  return [...services.values(), builtIn];
}

/** What observers call a method of any name: its name, if it is served. */
export function nameOfCall(dispatcher: Dispatcher, { service, method }: CallName): CallName {
  const { services, builtIn } = dispatcher;
  const served = service === builtIn.definition.name ? builtIn : services.get(service);
  return served?.methods.has(method) === true ? { service, method } : UNKNOWN;
}

/** One name for all that is not served, so that callers cannot make up as many as they like. */
const UNKNOWN: CallName = { service: "", method: "" };

/** A browser that asks whether it may call does not call yet. */
function isCall({ prefix }: FastifyInstance, { url, method }: FastifyRequest): boolean {
  return url.startsWith("/api/", prefix.length) && method !== "OPTIONS";
}

function pathOf({ url }: FastifyRequest): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

/** For limits: who calls, as far as is known. */
function callerOf(request: FastifyRequest): string {
  return callerByCertificate(request)?.id ?? request.ip ?? "";
}
