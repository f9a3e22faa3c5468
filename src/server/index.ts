export { type CallContext, type Caller, callContext } from "../call/index.js";
export { createServer, type Server, type ServerOptions } from "./create-server.js";
export {
  DEFAULT_BODY_LIMIT_BYTES,
  type ErrorLogger,
  nearfarPlugin,
  type PluginOptions,
} from "./plugin.js";
