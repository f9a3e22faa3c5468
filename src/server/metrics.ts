import type { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { CallBegin, CallEnd, CallObserver } from "./call-observer.js";
import { loadPeer } from "./load-peer.js";

type PromClient = typeof import("prom-client");

/** Seconds: from calls of native functions to deadlines. */
const BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

type MethodLabel = "service" | "method" | "transport";
const METHOD_LABELS: MethodLabel[] = ["service", "method", "transport"];

/** What is counted of a method. Looked up once, so that a call costs no lookup of labels. */
interface MethodMetrics {
  readonly inFlight: Gauge.Internal<MethodLabel>;
  readonly seconds: Histogram.Internal<MethodLabel>;
}

/** Calls, durations, calls in flight, and the process, in the text format of Prometheus. */
export class Metrics implements CallObserver {
  private readonly registry: Registry;
  private readonly calls: Counter<MethodLabel | "code">;
  private readonly seconds: Histogram<MethodLabel>;
  private readonly inFlight: Gauge<MethodLabel>;
  private readonly byLabel = new Map<string, MethodMetrics>();

  constructor() {
    const client = loadPeer<PromClient>("prom-client", "the option metrics");
    this.registry = new client.Registry();
    const registers = [this.registry];
    client.collectDefaultMetrics({ register: this.registry });
    this.calls = new client.Counter({
      name: "nearfar_calls_total",
      help: "Calls that were answered, or whose callers went, by service code.",
      labelNames: [...METHOD_LABELS, "code"],
      registers,
    });
    this.seconds = new client.Histogram({
      name: "nearfar_call_duration_seconds",
      help: "From the headers of a call, or its first frame, to the end of its answer.",
      labelNames: METHOD_LABELS,
      buckets: BUCKETS,
      registers,
    });
    this.inFlight = new client.Gauge({
      name: "nearfar_calls_in_flight",
      help: "Calls that have no whole answer yet.",
      labelNames: METHOD_LABELS,
      registers,
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  began(begin: CallBegin): void {
    this.of(begin).inFlight.inc();
  }

  ended(end: CallEnd): void {
    const { service, method, way, code, elapsedMs } = end;
    const { inFlight, seconds } = this.of(end);
    inFlight.dec();
    seconds.observe(elapsedMs / 1000);
    this.calls.inc({ service, method, transport: way, code });
  }

  private of({ service, method, way }: CallBegin): MethodMetrics {
    const label = `${way} ${service}.${method}`;
    const found = this.byLabel.get(label);
    if (found !== undefined) return found;
    const labels = { service, method, transport: way };
    const made = { inFlight: this.inFlight.labels(labels), seconds: this.seconds.labels(labels) };
    this.byLabel.set(label, made);
    return made;
  }
}
