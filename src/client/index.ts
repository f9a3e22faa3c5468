export type {
  Interceptor,
  Send,
  Transport,
  TransportRequest,
  TransportResponse,
} from "../call/index.js";
export type { CallHandle } from "./async-calls.js";
export { createClient, type ServiceClient } from "./create-client.js";
export type { Balance, HttpOptions, HttpTransportOptions } from "./http-options.js";
export { HttpTransport } from "./http-transport.js";
export type { CallOptions, ClientOptions } from "./options.js";
export type { Route } from "./route.js";
export { Runtime, type RuntimeOptions } from "./runtime.js";
export type { ClientTlsOptions } from "./tls-options.js";
export { WebSocketTransport, type WebSocketTransportOptions } from "./web-socket-transport.js";
