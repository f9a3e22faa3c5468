import { addMethodData, type ClassData, type MethodData, setClassData } from "./decorator-data.js";
import type { AgreesWithDeclaration, AgreesWithSchema, AnyMethod } from "./decorator-types.js";
import type { MethodOptions } from "./define-method.js";
import type { ApiMode, CFunctionBinding, LibraryByPlatform, TrustLevel } from "./definition.js";
import type { AnySchema, Parameter } from "./schema/json-schema.js";

/** A class, as a constraint. */
type AnyClass = abstract new (...args: never[]) => object;

/** Names a service and its version; without it they are the class's name and "1.0.0". */
export function service(
  options: { readonly name?: string; readonly version?: string } = {},
): (value: AnyClass, context: ClassDecoratorContext) => void {
  return (value, context) => classData("service", value, context, options);
}

/** Where a service, or one method of it, may run. On a method it wins over the class. */
export function api(
  mode: ApiMode,
): (
  value: AnyClass | AnyMethod,
  context: ClassDecoratorContext | ClassMethodDecoratorContext,
) => void {
  return (value, context) => {
    if (context?.kind === "class") classData("api", value, context, { api: mode });
    else methodData("api", value, context, { api: mode });
  };
}

/** Whom the service asks its callers to trust. */
export function trust(
  level: TrustLevel,
): (value: AnyClass, context: ClassDecoratorContext) => void {
  return (value, context) => classData("trust", value, context, { trust: level });
}

/**
 * Declares a method of a service by its schemas. The method's TypeScript signature has to agree
 * with them. Its body answers where no native function does: on a server.
 */
export function method<const P extends readonly Parameter[], R extends AnySchema>(
  options: Omit<MethodOptions, "parameters" | "result" | "native" | "api"> & {
    readonly parameters: P;
    readonly result: R;
  },
): <F extends AnyMethod>(
  value: F & AgreesWithSchema<F, P, R>,
  context: ClassMethodDecoratorContext,
) => void {
  return (value, context) => methodData("method", value, context, options);
}

/** How a native function is called: see CFunctionBinding. */
export type NativeOptions = Pick<CFunctionBinding, "async" | "serialize" | "isolate">;

/**
 * Gives a method its native function: a library (by platform where names differ) and the C
 * prototype, from which parameters and result follow where `@method` does not give them. The
 * method's TypeScript signature has to agree with the prototype. `async` has it called on the pool,
 * `serialize` one call of its library at a time, `isolate` in a helper process.
 */
export function native(
  library: `nearfar:${string}`,
  symbol: string,
): (value: AnyMethod, context: ClassMethodDecoratorContext) => void;
export function native<const D extends string>(
  library: string | LibraryByPlatform,
  declaration: D,
  options?: NativeOptions,
): <F extends AnyMethod>(
  value: F & AgreesWithDeclaration<F, D>,
  context: ClassMethodDecoratorContext,
) => void;
export function native(
  library: string | LibraryByPlatform,
  declaration: string,
  options: NativeOptions = {},
): (value: AnyMethod, context: ClassMethodDecoratorContext) => void {
  const isBuiltIn = typeof library === "string" && library.startsWith("nearfar:");
  const binding = isBuiltIn
    ? { library: library as `nearfar:${string}`, symbol: declaration, ...options }
    : { library, declaration, ...options };
  return (value, context) => methodData("native", value, context, { native: binding });
}

function classData(
  name: string,
  value: unknown,
  context: DecoratorContext | undefined,
  data: ClassData,
): void {
  requireStandardDecorators(name, context);
  if (context.kind !== "class") throw new TypeError(`@${name} is for classes`);
  setClassData(value as object, data);
}

function methodData(
  name: string,
  value: unknown,
  context: DecoratorContext | undefined,
  data: MethodData,
): void {
  requireStandardDecorators(name, context);
  const isMethod = context.kind === "method" && !context.static && !context.private;
  if (!isMethod) {
    const what = "private" in context && context.private ? "private " : "";
    throw new TypeError(
      `@${name} is for public methods of an instance, not for the ${what}` +
        `${"static" in context && context.static ? "static " : ""}${context.kind} ` +
        String(context.name),
    );
  }
  addMethodData(value as object, data);
}

/** TypeScript's old decorators pass a property name, or nothing, where the context belongs. */
function requireStandardDecorators(
  name: string,
  context: DecoratorContext | undefined,
): asserts context is DecoratorContext {
  if (typeof context === "object" && context !== null && "kind" in context) return;
  throw new TypeError(
    `@${name} was called as a legacy decorator; remove experimentalDecorators from tsconfig.json ` +
      "(nearfar uses standard ECMAScript decorators)",
  );
}
