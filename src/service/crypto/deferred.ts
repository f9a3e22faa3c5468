// nearfar/crypto for services: loaded when one of them has a method that is part of it
// (docs/architecture.md, "What is shipped").
import type { BuiltInLibrary } from "../built-in-libraries.js";
import { CRYPTO_LIBRARY } from "./crypto-library.js";

export function cryptoLibrary(): BuiltInLibrary {
  return CRYPTO_LIBRARY;
}
