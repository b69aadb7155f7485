/**
 * Settings whose quotes are a part of the value, each with a sentence. Parley takes them off when it reads `.env`; Docker's `--env-file`
 * and some consoles do not.
 */
export function quotedValueProblems(given: ReadonlyMap<string, string>, names: readonly string[]): Map<string, string> {
  const problems = new Map<string, string>();
  for (const name of names)
    if (/^(["'`]).*\1$/s.test(given.get(name) ?? ''))
      problems.set(
        name,
        `${name} has its quotes as a part of its value, as Docker's --env-file keeps them; leave them out there.`,
      );
  return problems;
}
