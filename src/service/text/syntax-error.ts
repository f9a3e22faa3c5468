/** Where in a text: both from 1; columns count UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A definition text that cannot be read. The message begins with `file:line:column: `. */
export class DefinitionSyntaxError extends SyntaxError implements Position {
  readonly line: number;
  readonly column: number;

  constructor(
    problem: string,
    file: string | undefined,
    { line, column }: Position,
    options?: ErrorOptions,
  ) {
    super(`${file === undefined ? "" : `${file}:`}${line}:${column}: ${problem}`, options);
    this.name = "DefinitionSyntaxError";
    this.line = line;
    this.column = column;
  }
}
