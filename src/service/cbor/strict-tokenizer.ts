import { isUtf8 } from "node:buffer";
import type * as Cborg from "cborg";
import { MAX_TEXT_DEPTH } from "../../internal/limits.js";

type Tokens = InstanceType<typeof Cborg.Tokenizer>;
type Token = ReturnType<Tokens["next"]>;

/** A container that is being read, with how many items it still has; a map's keys count too. */
interface Frame {
  readonly isMap: boolean;
  left: number;
}

/**
 * What cborg's own options leave open: the depth, which would exhaust the stack; text that is not
 * UTF-8, which it would repair; and the key `__proto__`, which the JSON side refuses as well.
 */
export class StrictTokenizer {
  private readonly frames: Frame[] = [];

  constructor(private readonly tokens: Tokens) {}

  done(): boolean {
    return this.tokens.done();
  }

  pos(): number {
    return this.tokens.pos();
  }

  next(): Token {
    const token = this.tokens.next();
    const isKey = this.count();
    if (token.type.name === "string") requireText(token, isKey);
    if (token.type.name === "array") this.open(false, token.value as number);
    if (token.type.name === "map") this.open(true, 2 * (token.value as number));
    // A tag is no item of its own: the one that follows is.
    if (token.type.name === "tag") this.open(false, 1);
    return token;
  }

  /** One more item of the innermost container; whether it is a key. */
  private count(): boolean {
    while (this.frames.at(-1)?.left === 0) this.frames.pop();
    const frame = this.frames.at(-1);
    if (frame === undefined) return false;
    const isKey = frame.isMap && frame.left % 2 === 0;
    frame.left--;
    return isKey;
  }

  private open(isMap: boolean, left: number): void {
    if (this.frames.length === MAX_TEXT_DEPTH) {
      throw new SyntaxError(`nested more than ${MAX_TEXT_DEPTH} levels deep`);
    }
    this.frames.push({ isMap, left });
  }
}

function requireText(token: Token, isKey: boolean): void {
  const { byteValue } = token as { readonly byteValue?: Uint8Array };
  if (byteValue !== undefined && !isUtf8(byteValue)) throw new SyntaxError("text is not UTF-8");
  if (isKey && token.value === "__proto__") throw new SyntaxError('a key is "__proto__"');
}
