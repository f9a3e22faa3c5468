export {
  type FakeOptions,
  type FakeService,
  fakeService,
  type RecordedCall,
} from "./fake-service.js";
export { type Fault, type FaultPlan, faultyTransport } from "./faulty-transport.js";
export { type GenerateOptions, generateValue } from "./generate-value.js";
export { type InMemoryOptions, inMemoryTransport } from "./in-memory-transport.js";
export { type FaultRates, randomFaults } from "./random-faults.js";
