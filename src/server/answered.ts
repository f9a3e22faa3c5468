import type { FastifyReply } from "fastify";

/**
 * Calls back once, when an answer has been handed over or its caller is gone; `isComplete` tells
 * which. A response "finishes" in the one case, and "closes" in both but not everywhere.
 */
export function whenAnswered(reply: FastifyReply, then: (isComplete: boolean) => void): void {
  const { raw } = reply;
  let isOver = false;
  const once = (): void => {
    if (isOver) return;
    isOver = true;
    then(raw.writableFinished);
  };
  raw.once("finish", once);
  raw.once("close", once);
  // Gone already, while a hook of the application was busy.
  if (raw.destroyed) setImmediate(once);
}
