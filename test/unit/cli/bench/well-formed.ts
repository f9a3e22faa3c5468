const voidElements = new Set(["meta", "br", "link", "img", "hr", "input"]);

/**
 * What is wrong with the nesting of the elements of an HTML or SVG text; undefined when every
 * element is closed in order and no attribute or text holds a bare `<`.
 */
export function nestingProblem(markup: string): string | undefined {
  const open: string[] = [];
  const withoutStyles = markup.replace(/(<style>)[^<]*(<\/style>)/g, "$1$2");
  const tag = /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][\w-]*="[^"<]*")*)\s*(\/?)>/g;
  const rest = withoutStyles.replace(tag, (_, closing, name, __, selfClosing) => {
    if (name === undefined || selfClosing === "/" || voidElements.has(name)) return "";
    if (closing !== "/") open.push(name);
    else if (open.at(-1) === name) open.pop();
    else open.push(`unexpected </${name}>`);
    return "";
  });
  if (/[<>]/.test(rest)) return `not an element: ${/.{0,20}[<>].{0,20}/.exec(rest)?.[0]}`;
  return open.length === 0 ? undefined : `not closed: ${open.join(", ")}`;
}
