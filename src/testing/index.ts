export { type InMemoryOptions, inMemoryTransport } from "./in-memory-transport.js";
