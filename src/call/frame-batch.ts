/** So much text is sent without waiting for more. */
const BATCH_LENGTH = 16 * 1024;

/**
 * Gathers the frames of one turn of the event loop into one message: a message costs as much as
 * twenty frames.
 */
export class FrameBatch {
  private texts: string[] = [];
  private length = 0;

  constructor(private readonly send: (message: string) => void) {}

  /** What waits to be sent, in characters. */
  get waiting(): number {
    return this.length;
  }

  push(frame: object): void {
    this.pushText(JSON.stringify(frame));
  }

  /** A frame that is text already. */
  pushText(text: string): void {
    this.texts.push(text);
    this.length += text.length;
    if (this.length >= BATCH_LENGTH) this.flush();
    else if (this.texts.length === 1) setImmediate(() => this.flush());
  }

  flush(): void {
    const { texts } = this;
    if (texts.length === 0) return;
    this.texts = [];
    this.length = 0;
    this.send(texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(",")}]`);
  }
}
