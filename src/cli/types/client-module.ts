import { definitionOf, printServices, type ServiceSource } from "../../service/index.js";
import { clientName, HEADER } from "./declarations.js";

/** The module that the declarations describe. */
export function clientModuleOf(services: readonly ServiceSource[]): string {
  const names = services.map((service) => definitionOf(service).name);
  const functions = names.map(
    (name) =>
      `export function ${clientName(name)}(options) {\n  return createClient(${name}, options);\n}\n`,
  );
  const text = printServices(services).replace(/[\\`]|\$(?=\{)/g, "\\$&");
  return [
    HEADER,
    'import { createClient, parseServices } from "nearfar";\n',
    `export const [${names.join(", ")}] = parseServices(\`\n${text}\`);\n`,
    ...functions,
  ].join("\n");
}
