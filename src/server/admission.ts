import { ServiceError } from "../errors/index.js";

export interface AdmissionLimits {
  readonly concurrentCalls: number;
  readonly queuedCalls: number;
  readonly queueMs: number;
}

/**
 * Lets so many calls be answered at once and has others wait: not too many, and not for long. A
 * call that is refused was not begun.
 */
export class Admission {
  private running = 0;
  /** In the order of their coming. */
  private readonly queue = new Set<Ticket>();

  constructor(readonly limits: AdmissionLimits) {}

  /** Calls one of the two, perhaps at once; the ticket must be left when the call is over. */
  enter(admitted: () => void, refused: (error: ServiceError) => void): Ticket {
    const ticket = new Ticket(this, admitted, refused);
    const { concurrentCalls, queuedCalls, queueMs } = this.limits;
    if (this.running < concurrentCalls) {
      this.running++;
      ticket.admit();
    } else if (this.queue.size < queuedCalls) {
      this.queue.add(ticket);
      ticket.wait(queueMs);
    } else {
      ticket.refuse("the server is busy");
    }
    return ticket;
  }

  /** For tickets: one that waited is gone. */
  withdraw(ticket: Ticket): void {
    this.queue.delete(ticket);
  }

  /** For tickets: one that was admitted is done, which is another's turn. */
  finish(): void {
    const [next] = this.queue;
    if (next === undefined) {
      this.running--;
      return;
    }
    this.queue.delete(next);
    next.admit();
  }
}

/** The place of one call. */
export class Ticket {
  private state: "new" | "waiting" | "running" | "over" = "new";
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly admission: Admission,
    private readonly admitted: () => void,
    private readonly refused: (error: ServiceError) => void,
  ) {}

  /** The call is over, or its caller is gone. */
  leave(): void {
    const { state } = this;
    this.end();
    if (state === "waiting") this.admission.withdraw(this);
    if (state === "running") this.admission.finish();
  }

  admit(): void {
    clearTimeout(this.timer);
    this.state = "running";
    this.admitted();
  }

  wait(forMs: number): void {
    this.state = "waiting";
    this.timer = setTimeout(() => {
      this.admission.withdraw(this);
      this.refuse(`the server is busy: no turn within ${forMs} ms`);
    }, forMs);
  }

  refuse(message: string): void {
    this.end();
    this.refused(busy(message));
  }

  private end(): void {
    clearTimeout(this.timer);
    this.state = "over";
  }
}

/** A second is the least that `retry-after` can say. */
const RETRY_AFTER_MS = 1_000;

export function busy(message: string): ServiceError {
  return new ServiceError("UNAVAILABLE", message, { retryAfterMs: RETRY_AFTER_MS });
}
