export { errorOfAbort, untilAborted } from "./abort.js";
export { BUILT_IN_SERVICE, MAX_BATCH, MAX_WAIT_MS } from "./built-in-service.js";
export {
  type CallContext,
  type Caller,
  callContext,
  type Metadata,
  runInContext,
} from "./call-context.js";
export type { Identify, PolicyOptions } from "./call-policy.js";
export { type CallOutcome, CallRegistry, type CallStatus } from "./call-registry.js";
export type { Implementation } from "./choose-implementation.js";
export { OWN_VALUES } from "./conversion.js";
export { CreditReceiver, CreditSender } from "./credit.js";
export { type Answer, Dispatcher, type ServedService } from "./dispatcher.js";
export { type ErrorLogger, explainFailure } from "./failure.js";
export { FrameBatch } from "./frame-batch.js";
export { GuardedStream, type Source } from "./guarded-stream.js";
export { IncomingCall } from "./incoming-call.js";
export { ItemQueue } from "./item-queue.js";
export {
  type Frame,
  FrameReader,
  frameError,
  gather,
  LineParser,
  NDJSON_CONTENT_TYPE,
} from "./ndjson.js";
export type { CallSpec } from "./nested-call.js";
export {
  DuplicateKeyError,
  JsonRefusal,
  parseJson,
  readJson,
  refusalOfWritten,
} from "./parse-json.js";
export { ServedMethod } from "./served-method.js";
export {
  type CallFrame,
  type ClientFrame,
  CREDIT_WINDOW,
  type EndFrame,
  type ErrorFrame,
  type ItemFrame,
  type ResultFrame,
  type ServerFrame,
  SOCKET_PATH,
  SOCKET_PROTOCOL,
} from "./socket-frames.js";
export type { AuthorizeTopics, TopicRequest } from "./topic-permission.js";
export {
  type Overflow,
  type SubscribeOptions,
  type TopicMessage,
  Topics,
  type TopicsOptions,
  TopicsService,
} from "./topics.js";
export {
  type Interceptor,
  intercept,
  type Send,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "./transport.js";
export { WireChoice } from "./wire-choice.js";
