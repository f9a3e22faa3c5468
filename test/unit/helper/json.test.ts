import { afterAll, beforeAll, expect, test } from "vitest";
import { createRandom, seed } from "../../support/random.js";
import { HelperProcess } from "./helper-client.js";

const texts = Number(process.env.NEARFAR_FUZZ_LINES ?? 2_000);

/** What JSON.parse takes and a strict reader need not (RFC 8259, sections 4 and 8.2). */
const STRICTER = ["a name occurs twice", "half of a surrogate pair"];

const PIECES = [
  "0",
  "-0",
  "12",
  "-1.5e+10",
  "01",
  "1.",
  "1e",
  "true",
  "false",
  "null",
  "nul",
  '"a"',
  '"\\u00e9\\ud83d\\ude00"',
  '"\\ud800"',
  '"\\/\\b\\n"',
  '"\\x"',
  '"😀"',
  '"\t"',
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  '"k":',
  " ",
  "\t",
];

let helper: HelperProcess;
beforeAll(() => {
  helper = new HelperProcess();
});
afterAll(() => helper.close());

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

test(
  `takes and refuses ${texts} texts as JSON.parse does (seed ${seed})`,
  async () => {
    const random = createRandom(seed);
    const pick = (length: number) => Math.floor(random() * length);
    let accepted = 0;
    for (let count = 0; count < texts; count++) {
      let text = PIECES[pick(PIECES.length)] ?? "";
      for (let more = pick(6); more > 0; more--) {
        const piece = PIECES[pick(PIECES.length)] ?? "";
        text =
          [`[${text},${piece}]`, `{"a":${text},"${pick(3)}":${piece}}`, text + piece][pick(3)] ??
          "";
      }
      const request = `{"cmd":"ping","id":${text}}`;
      const expected = parsed(request);
      helper.write(`${request}\n`);
      const answer = await helper.read();
      if (answer?.ok === true) {
        accepted += 1;
        // The text may have closed the request's object and added members to it.
        const answered = { ...(expected?.value as object), id: answer.id };
        expect({ value: answered }, request).toEqual(expected);
      } else if (expected !== undefined) {
        const reason = answer?.error?.message.replace(/^byte \d+: /, "");
        expect(STRICTER, request).toContain(reason);
      }
    }
    expect(accepted).toBeGreaterThan(texts / 20);
  },
  60_000 + texts * 10,
);
