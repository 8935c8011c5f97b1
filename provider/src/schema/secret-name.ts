const NAME = /^[a-zA-Z_][a-zA-Z0-9_.\-/]{0,190}$/;

/** What is wrong with the name of a secret, if anything is. */
export function secretNameProblem(name: string): string | undefined {
  if (/^runpod/i.test(name)) {
    return "must not begin with RUNPOD, which RunPod reserves. Use the name alone";
  }
  return NAME.test(name)
    ? undefined
    : "must begin with a letter or _ and consist of letters, digits, and the characters _ . - /, up to 191";
}
