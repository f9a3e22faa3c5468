import type { JsonSchema, MethodDefinition, ServiceDefinition } from "../../service/index.js";
import { SchemaComponents } from "../../service/openapi/components.js";
import { commentOf, identifierOf } from "./text.js";
import { type NameOf, parameterText, typeText } from "./type-text.js";

/** The first line of what is written, so that nobody edits it. */
export const HEADER = "// Written by `nearfar types`; changes would be lost.\n";

/**
 * The declarations of a module that exports the services and a function for each that makes its
 * client. Schemas that are referred to become types of their own.
 */
export function declarationsOf(services: readonly ServiceDefinition[]): string {
  const components = new SchemaComponents({});
  const names = new Map<string, string>();
  const nameOf: NameOf = (reference) => {
    const component = reference.slice("#/components/schemas/".length);
    const known = names.get(component);
    if (known !== undefined) return known;
    const name = unusedName(identifierOf(component), [...names.values(), ...reserved(services)]);
    names.set(component, name);
    return name;
  };
  const bodies = services.map((service) => serviceText(service, components, nameOf));
  const types = typesText(components, nameOf);
  return [HEADER, 'import type * as nearfar from "nearfar";\n', ...types, ...bodies].join("\n");
}

function reserved(services: readonly ServiceDefinition[]): string[] {
  return services.flatMap(({ name }) => [name, clientName(name)]);
}

/** What makes the client of a service. */
export function clientName(service: string): string {
  return `create${service.slice(0, 1).toUpperCase()}${service.slice(1)}Client`;
}

function unusedName(wanted: string, used: readonly string[]): string {
  let name = wanted;
  for (let count = 2; used.includes(name); count++) name = `${wanted}${count}`;
  return name;
}

/** Naming one type may bring up others: until there are no more. */
function typesText({ schemas }: SchemaComponents, nameOf: NameOf): string[] {
  return Object.entries(schemas).map(([component, schema]) => {
    const name = nameOf(`#/components/schemas/${component}`);
    const type = typeText(schema, nameOf);
    return `${commentOf(schema, "")}export type ${name} = ${type};\n`;
  });
}

function serviceText(
  { name, version, methods }: ServiceDefinition,
  components: SchemaComponents,
  nameOf: NameOf,
): string {
  const lines = Object.values(methods).map((method) => {
    const label = `${name}.${method.name}`;
    const embed = (schema: JsonSchema): JsonSchema => components.embed(schema, label);
    return methodText(method, embed, nameOf);
  });
  return (
    `/** Service ${name}, version ${version.replaceAll("*/", "*\\/")}. */\n` +
    `export declare const ${name}: nearfar.DefinedService<{\n${lines.join("")}}>;\n\n` +
    `export declare function ${clientName(name)}(\n` +
    "  options?: nearfar.ClientOptions,\n" +
    `): nearfar.ServiceClient<typeof ${name}>;\n`
  );
}

function methodText(
  { name, parameters, items, result, stream, description }: MethodDefinition,
  embed: (schema: JsonSchema) => JsonSchema,
  nameOf: NameOf,
): string {
  const words = parameters.map(({ name, schema, optional }) => {
    const type = parameterText(embed(schema), nameOf);
    return `${safeName(name)}${optional ? "?" : ""}: ${type}`;
  });
  if (items !== undefined) {
    const type = typeText(embed(items.schema), nameOf, "  ");
    words.push(`${safeName(items.name)}: Iterable<${type}> | AsyncIterable<${type}>`);
  }
  const type = typeText(embed(result), nameOf, "  ");
  const isStream = stream === "server" || stream === "bidirectional";
  const given = isStream ? `AsyncIterable<${type}>` : type;
  const comment = description === undefined ? "" : commentOf({ description }, "  ");
  return `${comment}  ${name}(${words.join(", ")}): ${given};\n`;
}

/** A parameter may be called what TypeScript keeps for itself, such as `default`. */
function safeName(name: string): string {
  return `${name}${RESERVED.has(name) ? "_" : ""}`;
}

const RESERVED: ReadonlySet<string> = new Set(
  (
    "break case catch class const continue debugger default delete do else enum export extends false " +
    "finally for function if import in instanceof new null return super switch this throw true try " +
    "typeof var void while with yield let static implements interface package private protected " +
    "public await arguments eval"
  ).split(" "),
);
