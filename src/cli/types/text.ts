import type { JsonSchema } from "../../service/index.js";

/** A property's name, in quotes where it is no identifier. */
export function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

/**
 * What a schema or method says of itself, as a documentation comment; nothing if it says nothing.
 */
export function commentOf(
  { description, deprecated }: Pick<JsonSchema, "description" | "deprecated">,
  indent: string,
): string {
  const lines = [...(description?.split(/\r?\n/) ?? []), ...(deprecated ? ["@deprecated"] : [])];
  const [first = "", ...others] = lines.map((line) => line.replaceAll("*/", "*\\/").trimEnd());
  if (lines.length === 0) return "";
  if (others.length === 0) return `${indent}/** ${first} */\n`;
  const text = [first, ...others].map((line) => `${indent} * ${line}`.trimEnd()).join("\n");
  return `${indent}/**\n${text}\n${indent} */\n`;
}

/** A name that a type can have. */
export function identifierOf(text: string): string {
  const words = text.split(/[^A-Za-z0-9_$]+/).filter((word) => word !== "");
  const name = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
  return /^[A-Za-z_$]/.test(name) ? name : `_${name}`;
}
