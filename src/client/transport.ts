export {
  type Interceptor,
  intercept,
  type Send,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "../call/index.js";
