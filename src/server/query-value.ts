import { parseJson } from "../call/index.js";

/** An argument of a query: a value as JSON has it; what is not JSON, or not safe, is text. */
export function fromQuery(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
