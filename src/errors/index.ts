export {
  ArgumentError,
  type ArgumentErrorCode,
  argumentLabel,
  argumentMessage,
  arityMessage,
  describeValue,
  detachedMessage,
  unnamedParameter,
  withArticle,
} from "./argument-error.js";
export { CallArgumentError } from "./call-argument-error.js";
export { isServiceCode, SERVICE_CODES, type ServiceCode } from "./codes.js";
export { EXPECTATIONS } from "./expectations.js";
export { AccessDeniedError, NativeError, type NativeErrorCode } from "./native-error.js";
export { ServiceError, type ServiceErrorOptions } from "./service-error.js";
export { untraced } from "./untraced.js";
