import type { FastifyReply } from "fastify";

/**
 * Calls back once, when an answer has been handed over or its caller is gone; `isComplete` tells
 * which. A response "finishes" in the one case, and "closes" in both but not everywhere.
 */
export function whenAnswered(reply: FastifyReply, then: (isComplete: boolean) => void): void {
  const { raw } = reply;
  let isOver = false;
  const end = (isComplete: boolean): void => {
    if (isOver) return;
    isOver = true;
    then(isComplete);
  };
  raw.once("finish", () => end(true));
  raw.once("close", () => end(raw.writableFinished));
  // Gone already, while a hook of the application was busy.
  if (raw.destroyed) setImmediate(end, false);
}
