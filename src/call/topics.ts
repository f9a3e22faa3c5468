import { ArgumentError, describeValue, ServiceError } from "../errors/index.js";
import { requireInteger, requireKnownOptions, requireOneOf } from "../internal/options.js";
import { defineService } from "../service/define-service.js";
import { ANY } from "../service/schema/any-codec.js";
import { contentSchema } from "../service/schema/content.js";
import { argumentProblem, Mismatch } from "../service/schema/mismatch.js";
import { t } from "../service/schema/t.js";
import { callContext } from "./call-context.js";
import { ItemQueue } from "./item-queue.js";
import { matcherOf, requireTopic } from "./topic-pattern.js";
import { type AuthorizeTopics, requirePermission } from "./topic-permission.js";

/** What a subscriber gets. `seq` counts the messages of all topics, from 1. */
export interface TopicMessage {
  readonly topic: string;
  readonly seq: number;
  readonly value: unknown;
  /** How many messages before this one were dropped, because the subscriber was too slow. */
  readonly missed: number;
}

/** What becomes of a subscriber who is too slow. */
export type Overflow = "drop-oldest" | "drop-newest" | "fail";

export interface SubscribeOptions {
  /** How many messages may wait for the subscriber. 1 to 65536, default 1024. */
  readonly queue?: number;
  /** Default "drop-oldest"; "fail" ends the subscription with RESOURCE_EXHAUSTED. */
  readonly overflow?: Overflow;
  /**
   * Begins with the messages after this number, as far as they are kept; rejects with OUT_OF_RANGE
   * where they are not. Default: with the next.
   */
  readonly after?: number;
}

export interface TopicsOptions {
  /** How many messages are kept for subscribers who come back. 0 to 65536, default 0. */
  readonly retain?: number;
  /**
   * Says, for each call of `service`, near or far, whether its caller may publish to the topic or
   * subscribe to the pattern; a subscription is asked for once, before it begins. This process's
   * own `publish` and `subscribe` are not asked for. Default: everybody may.
   */
  readonly authorize?: AuthorizeTopics;
}

const OVERFLOWS = ["drop-oldest", "drop-newest", "fail"] as const satisfies readonly Overflow[];

const OPTIONS = t.object({
  queue: t.optional(t.uint32({ minimum: 1, maximum: 65_536 })),
  overflow: t.optional(t.enum(OVERFLOWS)),
  after: t.optional(t.integer({ minimum: 0 })),
});

const MESSAGE = t.object({
  topic: t.string(),
  seq: t.integer(),
  value: contentSchema(),
  missed: t.integer(),
});

/** In the words that a client has for it. */
function requireJson(value: unknown): void {
  try {
    ANY.check(value);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new ArgumentError(argumentProblem(1, "value", error));
  }
}

/** Publishing and subscribing as a service, for clients. A server serves `topics.service`. */
export const TopicsService = serviceOf(undefined, undefined);

/** Passes messages from publishers to subscribers of one process, and of others by its service. */
export class Topics {
  /** To be served, or called near as an `implementation`. */
  readonly service: typeof TopicsService;
  private readonly subscribers = new Set<Subscriber>();
  private readonly retained: TopicMessage[] = [];
  private readonly retain: number;
  private seq = 0;

  constructor(options: TopicsOptions = {}) {
    requireKnownOptions(options, ["retain", "authorize"], "Topics options");
    const { retain = 0, authorize } = options;
    requireInteger(retain, "retain", 0, 65_536);
    if (authorize !== undefined && typeof authorize !== "function") {
      throw new ArgumentError(`authorize must be a function, got ${describeValue(authorize)}`);
    }
    this.retain = retain;
    this.service = serviceOf(this, authorize);
  }

  /**
   * Gives the message's number. `value` is whatever JSON holds; anything else is refused. It is not
   * copied here.
   */
  publish(topic: string, value: unknown): number {
    requireTopic(topic);
    // What no far subscriber could be given would end all their subscriptions.
    requireJson(value);
    const message: TopicMessage = { topic, seq: ++this.seq, value, missed: 0 };
    if (this.retain > 0) {
      this.retained.push(message);
      if (this.retained.length > this.retain) this.retained.shift();
    }
    for (const subscriber of this.subscribers) subscriber.offer(message);
    return message.seq;
  }

  /**
   * The messages of the topics that match a pattern, from now on: `orders.*` is any one word after
   * the dot, `orders.>` one or more. To be read, or returned.
   */
  subscribe(pattern: string, options: SubscribeOptions = {}): AsyncIterableIterator<TopicMessage> {
    requireKnownOptions(options, ["queue", "overflow", "after"], "subscribe options");
    const { queue = 1024, overflow = "drop-oldest", after } = options;
    requireInteger(queue, "queue", 1, 65_536);
    requireOneOf(overflow, "overflow", OVERFLOWS);
    this.requireKept(after);
    const subscriber = new Subscriber(matcherOf(pattern), queue, overflow, () =>
      this.subscribers.delete(subscriber),
    );
    const past = this.retained.filter(({ seq }) => after !== undefined && seq > after);
    for (const message of past) subscriber.offer(message, true);
    this.subscribers.add(subscriber);
    return subscriber.messages;
  }

  private requireKept(after: number | undefined): void {
    if (after === undefined) return;
    const oldest = this.seq - this.retained.length;
    if (Number.isInteger(after) && after >= oldest && after <= this.seq) return;
    const message = `after must be an integer from ${oldest} to ${this.seq}, got ${after}`;
    throw new ServiceError("OUT_OF_RANGE", message);
  }
}

/** One subscription, with what waits for its reader. */
class Subscriber {
  readonly messages: ItemQueue<TopicMessage>;
  private missed = 0;

  constructor(
    private readonly matches: (topic: string) => boolean,
    private readonly limit: number,
    private readonly overflow: Overflow,
    private readonly leave: () => void,
  ) {
    this.messages = new ItemQueue({ onReturn: leave });
  }

  /** What was kept is not bounded by the queue: it is there already. */
  offer(message: TopicMessage, isKept = false): void {
    if (!this.matches(message.topic)) return;
    if (!isKept && this.messages.size >= this.limit && !this.makeRoom()) return;
    this.messages.push({ ...message, missed: this.missed });
    this.missed = 0;
  }

  private makeRoom(): boolean {
    if (this.overflow === "drop-oldest") {
      this.missed += 1 + (this.messages.drop()?.missed ?? 0);
      return true;
    }
    if (this.overflow === "drop-newest") this.missed++;
    else {
      const text = `the subscriber was too slow: ${this.limit} messages wait for it`;
      this.messages.fail(new ServiceError("RESOURCE_EXHAUSTED", text));
      this.leave();
    }
    return false;
  }
}

function serviceOf(topics: Topics | undefined, authorize: AuthorizeTopics | undefined) {
  const served = (): Topics => {
    if (topics !== undefined) return topics;
    throw new ArgumentError("TopicsService is for clients; serve the service of a Topics");
  };
  return defineService({
    name: "Topics",
    methods: {
      publish: {
        description: "Gives the message's number",
        parameters: [t.param("topic", t.string()), t.param("value", t.any())],
        result: t.integer(),
        // What is no topic or pattern is refused before anybody is asked about it.
        handler: async (topic, value) => {
          if (authorize !== undefined) {
            requireTopic(topic);
            await requirePermission(authorize, { action: "publish", topic }, callContext());
          }
          return served().publish(topic, value);
        },
      },
      subscribe: {
        parameters: [t.param("pattern", t.string()), t.param("options", t.optional(OPTIONS))],
        result: t.stream(MESSAGE),
        handler: async (pattern, options) => {
          if (authorize !== undefined) {
            matcherOf(pattern);
            await requirePermission(authorize, { action: "subscribe", pattern }, callContext());
          }
          return served().subscribe(pattern, options ?? {});
        },
      },
    },
  });
}
