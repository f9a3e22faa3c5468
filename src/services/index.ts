export { CryptoService } from "./crypto-service.js";
