import { type ServiceCode, ServiceError } from "../errors/index.js";
import { errorOfProblem } from "../service/problem.js";

/** Reads an answer: the value, or the error it stands for. */
export function readAnswer(
  target: string,
  status: number,
  contentType: string | string[] | undefined,
  body: string,
): { readonly value: unknown } | ServiceError {
  const type = String(contentType ?? "").toLowerCase();
  const document = isJson(type) ? parseJson(body) : undefined;
  if (status === 200) {
    return document ?? new ServiceError("UNKNOWN", `${target} answered 200 ${without(type)}`);
  }
  const error = errorOfProblem(document?.value);
  if (error !== undefined) return error;
  return new ServiceError(codeOfStatus(status), `${target} answered ${status} without a problem`);
}

function isJson(type: string): boolean {
  return type.startsWith("application/json") || type.startsWith("application/problem+json");
}

function without(type: string): string {
  if (isJson(type)) return "with broken JSON";
  return `with ${type === "" ? "no content-type" : JSON.stringify(type.slice(0, 64))}, not JSON`;
}

function parseJson(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) as unknown };
  } catch {
    return undefined;
  }
}

/** For answers that no service wrote, such as a proxy's: gRPC's http-grpc-status-mapping.md. */
const CODES: Readonly<Record<number, ServiceCode>> = {
  400: "INTERNAL",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "UNIMPLEMENTED",
  429: "UNAVAILABLE",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "UNAVAILABLE",
};

function codeOfStatus(status: number): ServiceCode {
  return CODES[status] ?? "UNKNOWN";
}
