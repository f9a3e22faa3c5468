import type { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { CallEnd, CallObserver } from "./call-observer.js";
import { loadPeer } from "./load-peer.js";

type PromClient = typeof import("prom-client");

/** Seconds: from calls of native functions to deadlines. */
const BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

type MethodLabel = "service" | "method";
const METHOD_LABELS: MethodLabel[] = ["service", "method"];

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
      help: "From the headers of a call to the end of its answer.",
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

  began(service: string, method: string): void {
    this.of(service, method).inFlight.inc();
  }

  ended({ service, method, code, elapsedMs }: CallEnd): void {
    const { inFlight, seconds } = this.of(service, method);
    inFlight.dec();
    seconds.observe(elapsedMs / 1000);
    this.calls.inc({ service, method, code });
  }

  private of(service: string, method: string): MethodMetrics {
    const label = `${service}.${method}`;
    const found = this.byLabel.get(label);
    if (found !== undefined) return found;
    const made = {
      inFlight: this.inFlight.labels({ service, method }),
      seconds: this.seconds.labels({ service, method }),
    };
    this.byLabel.set(label, made);
    return made;
  }
}
