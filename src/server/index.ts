export {
  type CallContext,
  type Caller,
  callContext,
  type ErrorLogger,
  type Identify,
} from "../call/index.js";
export type { CorsOptions } from "./cors.js";
export { createServer, type Server } from "./create-server.js";
export type { CallLimits } from "./limits.js";
export { nearfarPlugin } from "./plugin.js";
export {
  DEFAULT_BODY_LIMIT_BYTES,
  type PluginOptions,
} from "./plugin-options.js";
export type { ServerOptions } from "./server-options.js";
export type { ServerTlsOptions } from "./tls-options.js";
