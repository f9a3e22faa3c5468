export {
  type CallContext,
  type Caller,
  callContext,
  type Metadata,
  runInContext,
} from "./call-context.js";
export { Dispatcher, type ServedService } from "./dispatcher.js";
export { IncomingCall } from "./incoming-call.js";
export { ServedMethod } from "./served-method.js";
export {
  type Interceptor,
  intercept,
  type Send,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "./transport.js";
export { WireChoice } from "./wire-choice.js";
