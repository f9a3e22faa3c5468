// What tests import from "vitest", where its own runner does not run: of the packages it is made of
// those without Vite, which load on every system. Staged as node_modules/vitest (stage.mjs).
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from "@vitest/expect";
import { fn, spyOn } from "@vitest/spy";
import { resetModules } from "./fresh-modules.mjs";

export {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  it,
  onTestFailed,
  onTestFinished,
  suite,
  test,
} from "@vitest/runner";
export { expectTypeOf } from "expect-type";

/** What was in the environment before `vi.stubEnv`. */
const unstubbed = new Map();

function stubEnv(name, value) {
  if (!unstubbed.has(name)) unstubbed.set(name, process.env[name]);
  process.env[name] = value;
}

function unstubAllEnvs() {
  for (const [name, value] of unstubbed) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  unstubbed.clear();
}

export const vi = { fn, spyOn, resetModules, stubEnv, unstubAllEnvs };

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

export function expect(value, message) {
  const { assertionCalls } = getState(expect);
  setState({ assertionCalls: assertionCalls + 1 }, expect);
  return chai.expect(value, message);
}
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);

/** Before each test: how many assertions it made, and how many it said it would. */
export function beginAssertions() {
  const none = {
    assertionCalls: 0,
    isExpectingAssertions: false,
    isExpectingAssertionsError: null,
    expectedAssertionsNumber: null,
    expectedAssertionsNumberErrorGen: null,
  };
  setState(none, expect);
}

/** After each test: throws if it made fewer or more than it said. */
export function endAssertions() {
  const state = getState(expect);
  const { assertionCalls, expectedAssertionsNumber, expectedAssertionsNumberErrorGen } = state;
  if (expectedAssertionsNumber !== null && assertionCalls !== expectedAssertionsNumber) {
    throw expectedAssertionsNumberErrorGen();
  }
  if (state.isExpectingAssertions && assertionCalls === 0) throw state.isExpectingAssertionsError;
}
beginAssertions();
