let answer: boolean | undefined;

/** Whether this process may make code from text: `--disallow-code-generation-from-strings`. */
export function canGenerateCode(): boolean {
  answer ??= detect();
  return answer;
}

function detect(): boolean {
  try {
    return new Function("return true")() === true;
  } catch {
    return false;
  }
}
