import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type Declaration, parseDeclaration } from "../../ffi/index.js";
import { UsageError } from "../failure.js";
import { protocolType } from "./types.js";

/** A call of one function in a helper of its own. */
export interface IsolatedCall {
  readonly helper: string;
  readonly options: readonly string[];
  readonly library: string;
  readonly declaration: string;
  /** As on the command line: JSON, or text as it is. */
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

export interface IsolatedOutcome {
  /** As JSON. */
  readonly result?: string;
  /** Why there is none. */
  readonly problem?: string;
  /** What the library tried and may not: a system call and, for some, its path. */
  readonly refusals: readonly string[];
}

/** A line of the helper. */
interface Answer {
  readonly ok: boolean;
  readonly handle?: string;
  readonly sym_id?: string;
  readonly result?: unknown;
  readonly out?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Never throws for what the library does. */
export async function runIsolated(call: IsolatedCall): Promise<IsolatedOutcome> {
  const declaration = parseDeclaration(call.declaration);
  const signature = signatureOf(declaration, call.args.length);
  const child = spawn(call.helper, call.options, { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined); // It may end before it has read everything.
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, call.timeoutMs);
  const answer = await talk(child, call, declaration.symbol, signature);
  child.stdin.end();
  await ended;
  clearTimeout(timer);
  const refusals = Array.from(log.matchAll(/the sandbox refused (.+)/g), ([, what]) => what ?? "");
  if (isLate) return { problem: `the call took longer than ${call.timeoutMs} ms`, refusals };
  return { ...outcomeOf(answer, child, log), refusals };
}

function signatureOf(declaration: Declaration, given: number): object {
  const { parameters, result, isVariadic, capturesError } = declaration;
  if (isVariadic) throw new UsageError("a variadic function cannot be called this way");
  if (given !== parameters.length) {
    const { name } = declaration;
    const expected = `${parameters.length} argument${parameters.length === 1 ? "" : "s"}`;
    throw new UsageError(`${name} takes ${expected}, got ${given}`);
  }
  return {
    ret_type: protocolType(result, "the result"),
    arg_types: parameters.map(({ type, name }, index) =>
      protocolType(type, name ?? `argument ${index + 1}`),
    ),
    errno: capturesError,
  };
}

/** The answer to the call, or the first that is not ok; undefined if the helper ends before. */
async function talk(
  child: ChildProcess,
  { library, args }: IsolatedCall,
  name: string,
  signature: object,
): Promise<Answer | undefined> {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) return undefined;
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const ask = async (request: string): Promise<Answer | undefined> => {
    stdin.write(`${request}\n`);
    const { value, done } = await lines.next();
    return done ? undefined : (JSON.parse(value) as Answer);
  };
  const load = await ask(JSON.stringify({ cmd: "load", path: library }));
  if (load?.handle === undefined) return load;
  const request = { cmd: "sym", handle: load.handle, name, ...signature };
  const sym = await ask(JSON.stringify(request));
  if (sym?.sym_id === undefined) return sym;
  const values = args.map(toJson).join(",");
  return ask(`{"cmd":"call","sym_id":${JSON.stringify(sym.sym_id)},"args":[${values}]}`);
}

/** An argument of the command line: as it is, so that numbers keep their digits. */
function toJson(text: string): string {
  try {
    JSON.parse(text);
    return text.replace(/[\r\n]/g, " ");
  } catch {
    return JSON.stringify(text);
  }
}

function outcomeOf(
  answer: Answer | undefined,
  child: ChildProcess,
  log: string,
): Omit<IsolatedOutcome, "refusals"> {
  if (answer === undefined) {
    const report = /\[ERROR\] (.+)/.exec(log)?.[1];
    const end = child.signalCode ?? `exit code ${child.exitCode}`;
    return { problem: `the helper has ended: ${report ?? end}` };
  }
  const { ok, error, out, result } = answer;
  if (!ok) return { problem: `${error?.code}: ${error?.message}` };
  return { result: JSON.stringify(out === undefined ? result : { result, out }) };
}
