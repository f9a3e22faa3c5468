export { api, method, native, service, trust } from "./decorators.js";
export type { MethodOptions } from "./define-method.js";
export {
  DefinedService,
  defineService,
  type ServiceHead,
  type ServiceOptions,
} from "./define-service.js";
export type {
  ApiMode,
  BuiltInBinding,
  CFunctionBinding,
  Handler,
  LibraryByPlatform,
  MethodDefinition,
  NativeBinding,
  ParameterDefinition,
  ServiceDefinition,
  TrustLevel,
} from "./definition.js";
export { nativeOnly } from "./native-only.js";
export {
  type Infer,
  type JsonSchema,
  type OptionalSchema,
  type Parameter,
  type Schema,
  t,
} from "./schema.js";
export { definitionOf, type MethodsOf, type ServiceSource } from "./service-source.js";
