export {
  type Change,
  type Comparison,
  type Compatibility,
  compareSchemas,
  compareServices,
  requiredVersion,
  type VersionChange,
} from "./compatibility.js";
export { api, method, type NativeOptions, native, service, trust } from "./decorators.js";
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
  Isolation,
  LibraryByPlatform,
  MethodDefinition,
  NativeBinding,
  ParameterDefinition,
  ServiceDefinition,
  StreamKind,
  TrustLevel,
} from "./definition.js";
export {
  type DefinitionDocument,
  definitionsFromJson,
  definitionsToJson,
} from "./document/document.js";
export { type Implementation, implementService } from "./document/implement-service.js";
export { nativeOnly } from "./native-only.js";
export type {
  OpenApiContent,
  OpenApiDocument,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiReference,
  OpenApiResponse,
  OpenApiTag,
} from "./openapi/document.js";
export { type OpenApiOptions, openApi } from "./openapi/open-api.js";
export type {
  AnySchema,
  Infer,
  InferInput,
  JsonSchema,
  OptionalSchema,
  Parameter,
  Schema,
  StreamSchema,
} from "./schema/json-schema.js";
export {
  type SchemaFilter,
  type SchemaPage,
  SchemaRegistry,
  type ValidationResult,
} from "./schema/registry.js";
export { type SchemaType, schemaType } from "./schema/schema-type.js";
export { t } from "./schema/t.js";
export { type ValidationCode, type ValidationError, validate } from "./schema/validate.js";
export { definitionOf, type MethodsOf, type ServiceSource } from "./service-source.js";
export { type ParseOptions, parseServices } from "./text/parse-services.js";
export { printServices } from "./text/print-services.js";
export { DefinitionSyntaxError } from "./text/syntax-error.js";
