export { type CallContext, type Caller, callContext, type ErrorLogger } from "../call/index.js";
export { createServer, type Server, type ServerOptions } from "./create-server.js";
export {
  DEFAULT_BODY_LIMIT_BYTES,
  nearfarPlugin,
  type PluginOptions,
} from "./plugin.js";
