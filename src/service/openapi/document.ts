import type { StreamKind } from "../definition.js";
import type { JsonSchema } from "../schema/json-schema.js";

/** An OpenAPI 3.1 document, as far as services have something to say in one. */
export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description?: string;
  };
  readonly servers?: readonly { readonly url: string }[];
  readonly tags: readonly OpenApiTag[];
  readonly paths: Readonly<Record<string, { readonly post: OpenApiOperation }>>;
  /**
   * The definitions that the document was made of, as far as they can be called from afar: text for
   * `parseServices`, so that no tool takes the references in it for its own.
   */
  readonly "x-nearfar": string;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly parameters: Readonly<Record<string, OpenApiParameter>>;
    readonly responses: Readonly<Record<string, OpenApiResponse>>;
  };
}

/** A service. */
export interface OpenApiTag {
  readonly name: string;
  readonly "x-nearfar-version": string;
  readonly "x-nearfar-trust": string;
}

/** A method. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly (OpenApiParameter | OpenApiReference)[];
  readonly requestBody: { readonly required: true; readonly content: OpenApiContent };
  readonly responses: Readonly<Record<string, OpenApiResponse | OpenApiReference>>;
  readonly "x-nearfar-api": string;
  readonly "x-nearfar-idempotent": boolean;
  readonly "x-nearfar-confidential"?: true;
  readonly "x-nearfar-stream"?: StreamKind;
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: "header" | "query";
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

export interface OpenApiResponse {
  readonly description: string;
  readonly content: OpenApiContent;
}

export interface OpenApiReference {
  readonly $ref: string;
}

/** By media type. */
export type OpenApiContent = Readonly<Record<string, { readonly schema?: JsonSchema }>>;
