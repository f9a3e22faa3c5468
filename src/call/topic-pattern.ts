import { ArgumentError, describeValue } from "../errors/index.js";

const MAX_LENGTH = 256;
/** Words of visible ASCII, without the signs of patterns, between dots. */
const TOPIC = /^[^\s.*>]+(\.[^\s.*>]+)*$/;
const PATTERN = /^(([^\s.*>]+|\*)(\.([^\s.*>]+|\*))*(\.>)?|>)$/;

export function requireTopic(topic: unknown): asserts topic is string {
  require(topic, "topic", TOPIC, 'words between dots, such as "orders.created"');
}

/** Whether a topic matches: `*` stands for one word, `>` at the end for one or more. */
export function matcherOf(pattern: string): (topic: string) => boolean {
  require(pattern, "pattern", PATTERN, 'words or * between dots, or > at the end: "orders.*"');
  const words = pattern.split(".");
  const isOpen = words.at(-1) === ">";
  if (isOpen) words.pop();
  return (topic) => {
    const given = topic.split(".");
    if (isOpen ? given.length <= words.length : given.length !== words.length) return false;
    return words.every((word, index) => word === "*" || word === given[index]);
  };
}

function require(value: unknown, name: string, form: RegExp, expected: string): void {
  if (typeof value === "string" && value.length <= MAX_LENGTH && form.test(value)) return;
  throw new ArgumentError(
    `${name} must be up to ${MAX_LENGTH} characters, ${expected}, got ${describeValue(value)}`,
  );
}
