import type { MethodDefinition, NativeBinding, ServiceDefinition } from "../definition.js";
import { definitionOf, type ServiceSource } from "../service-source.js";
import { printType } from "./print-type.js";

/** The text that `parseServices` reads as the same definitions. */
export function printServices(services: readonly ServiceSource[]): string {
  return services.map((service) => printService(definitionOf(service))).join("\n");
}

function printService({ name, version, api, trust, methods }: ServiceDefinition): string {
  const attributes = [
    `@api(${JSON.stringify(api)})`,
    `@trust(${JSON.stringify(trust)})`,
    `@version(${JSON.stringify(version)})`,
  ].join(" ");
  const bodies = Object.values(methods).map((method) => printMethod(method, api));
  return `${attributes}\nservice ${name} {\n${bodies.join("\n")}}\n`;
}

function printMethod(method: MethodDefinition, serviceApi: string): string {
  const { name, api, description, native, timeoutMs } = method;
  const isDocumentation = description !== undefined && isPlainDocumentation(description);
  const lines = isDocumentation ? description.split("\n").map((line) => `/// ${line}`) : [];
  if (description !== undefined && !isDocumentation) {
    lines.push(`@description(${JSON.stringify(description)})`);
  }
  const attributes = [
    api !== serviceApi && `@api(${JSON.stringify(api)})`,
    method.idempotent && "@idempotent",
    method.confidential && "@confidential",
    method.resumable && "@resumable",
    timeoutMs !== undefined && `@timeoutMs(${timeoutMs})`,
  ].filter((each) => typeof each === "string");
  if (attributes.length > 0) lines.push(attributes.join(" "));
  if (native !== undefined) lines.push(printNative(native));
  lines.push(`fn ${name}(${printParameters(method)})${printResult(method)};`);
  return lines.map((line) => `  ${line.trimEnd()}\n`).join("");
}

/** Text that comes back from `///` lines as it was. */
function isPlainDocumentation(text: string): boolean {
  const isTrimmed = text === text.trim() && text !== "";
  return isTrimmed && text.split("\n").every((line) => line === line.trimEnd() && !/\r/.test(line));
}

function printNative(native: NativeBinding): string {
  const { library } = native;
  const libraries =
    typeof library === "string"
      ? [JSON.stringify(library)]
      : Object.entries(library).map(([platform, path]) => `${platform}: ${JSON.stringify(path)}`);
  const last = "declaration" in native ? native.declaration : native.symbol;
  const flags = [
    ...("async" in native ? ["async"] : []),
    ...("serialize" in native ? ["serialize"] : []),
    ...("isolate" in native ? [`isolate: ${JSON.stringify(native.isolate)}`] : []),
  ];
  return `@native(${[...libraries, JSON.stringify(last), ...flags].join(", ")})`;
}

function printParameters({ parameters, items }: MethodDefinition): string {
  const printed = parameters.map(
    ({ name, schema, optional }) => `${name}${optional ? "?" : ""}: ${printType(schema)}`,
  );
  if (items !== undefined) printed.push(`${items.name}: stream ${printType(items.schema)}`);
  return printed.join(", ");
}

function printResult({ result, stream }: MethodDefinition): string {
  const type = printType(result);
  if (stream === "server" || stream === "bidirectional") return ` -> stream ${type}`;
  return type === "void" ? "" : ` -> ${type}`;
}
