import { NativeError } from "../../errors/index.js";
import type { NativeValue } from "../../internal/binding.js";
import { PLAN_FLAGS } from "../../internal/binding.js";
import type { Lowered } from "../call/marshaller.js";
import type { Signature } from "../call/signature.js";
import { nativeValueOf } from "../types/native-value.js";
import type { HelperProcess } from "./helper-process.js";

/** A function as a helper is told of it. */
export interface Plan {
  readonly name: string;
  /** Whether its library is closed. */
  isClosed(): boolean;
  /** Finds its address in the helper that runs. */
  address(): bigint;
  readonly types: readonly NativeValue[];
  readonly fixed: number | undefined;
  readonly flags: number;
  /** Bytes of the registers that a call fills in. */
  readonly registerBytes: number;
  /** Where in the frame the addresses of pointer arguments go that are passed as views. */
  readonly viewOffsets: readonly number[];
  generation: number;
}

/** The functions that a helper knows, by the numbers we gave them; told again to each new one. */
export class PlanTable {
  readonly #plans: (Plan | undefined)[] = [];
  readonly #unused: number[] = [];

  constructor(private readonly process: HelperProcess) {}

  add(plan: Plan): number {
    const index = this.#unused.pop() ?? this.#plans.length;
    this.#plans[index] = plan;
    return index;
  }

  /** The number may be another function's from here on. */
  remove(index: number): void {
    this.#plans[index] = undefined;
    this.#unused.push(index);
  }

  get(index: number): Plan {
    const plan = this.#plans[index];
    if (plan === undefined) throw new Error(`no plan ${index}`);
    return plan;
  }

  /**
   * Starts the helper if there is none, and tells it of the function unless it knows. Throws
   * `ERR_FFI_LIBRARY_CLOSED` if its library is closed.
   */
  require(index: number): Plan {
    const plan = this.get(index);
    if (plan.isClosed()) {
      throw new NativeError(
        "ERR_FFI_LIBRARY_CLOSED",
        `Library is closed: ${plan.name} cannot be called any more`,
      );
    }
    this.process.require();
    if (plan.generation === this.process.generation) return plan;
    const { name, types, fixed, flags } = plan;
    const address = String(plan.address());
    this.process.request({ cmd: "plan", index, name, address, types, fixed, flags });
    plan.generation = this.process.generation;
    return plan;
  }
}

/** What the frame of a signature's calls looks like. */
export function planShape(
  signature: Signature,
  lowered: Lowered,
  frame: { readonly registers: number; readonly registerBytes: number },
): Pick<Plan, "types" | "fixed" | "flags" | "registerBytes" | "viewOffsets"> {
  const { result } = signature;
  const isText = result.kind === "scalar" && /^(text|nullableText)$/.test(result.value);
  const views: number[] = [];
  for (const argument of lowered.arguments) {
    if ("view" in argument && argument.view >= 0) views[argument.view] = argument.offset;
  }
  return {
    types: [result, ...signature.parameters.map(({ type }) => type)].map(nativeValueOf),
    fixed: signature.fixed,
    flags:
      (signature.capturesError ? PLAN_FLAGS.capturesError : 0) |
      (signature.convention === "win64" ? PLAN_FLAGS.win64 : 0) |
      (isText ? PLAN_FLAGS.givesText : 0),
    registerBytes: Math.max(frame.registerBytes, lastByte(lowered) - frame.registers),
    viewOffsets: views,
  };
}

function lastByte(lowered: Lowered): number {
  const ends = lowered.arguments.flatMap((argument) => {
    if (argument.how !== "value") return [argument.offset + 8];
    return argument.placement.pieces.map(({ offset, size }) => offset + Math.ceil(size / 8) * 8);
  });
  return Math.max(0, ...ends);
}
