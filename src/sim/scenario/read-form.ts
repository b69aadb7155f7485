import { z } from 'zod';

/** One thing that is wrong with data, and where. */
interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Data of a form, or what is wrong with it. */
export type Reading<Value> = { readonly value: Value } | { readonly problems: readonly Problem[] };

/** Reads data of a form. Each problem says what is wanted, and where; an unknown key is a place of its own. */
export function readForm<Value>(form: z.ZodType<Value>, value: unknown): Reading<Value> {
  const parsed = form.safeParse(value, { error: wanted });
  return parsed.success ? { value: parsed.data } : { problems: parsed.error.issues.flatMap(problemsOf) };
}

/** The problems as text, two lines each. `place` is the key under which the data stands in its file, or null for a file of its own. */
export function problemsText(problems: readonly Problem[], place: string | null): string {
  const before = place === null ? [] : [place];
  return z.prettifyError({ issues: problems.map(({ path, message }) => ({ message, path: [...before, ...path] })) });
}

/** What the form alone knows of a problem; undefined leaves Zod's own words. */
function wanted(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys' || !(issue.inst instanceof z.ZodObject)) return undefined;
  const keys = issue.keys.map((key) => `"${key}"`).join(', ');
  return `Unrecognized key: ${keys}. There are: ${Object.keys(issue.inst.shape).join(', ')}`;
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...path, key], message }));
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ path, message }];
  // Whoever wrote the value meant the form with which the least is wrong.
  const forms = formsOf(issue.errors);
  const fewest = Math.min(...forms.map(({ length }) => length));
  const near = forms.filter(({ length }) => length === fewest);
  if (near.length === 1)
    return near
      .flat()
      .flatMap(problemsOf)
      .map((each) => ({ ...each, path: [...path, ...each.path] }));
  const choices = near.flat().filter(({ code }) => code !== 'unrecognized_keys');
  return [{ path, message: choices.map((each) => [...each.path, each.message].join(': ')).join('; or ') }];
}

/** What is wrong with each form that a union offers, those of the unions within it too. */
function formsOf(errors: readonly (readonly z.core.$ZodIssue[])[]): (readonly z.core.$ZodIssue[])[] {
  return errors.flatMap((issues) => {
    const [first] = issues;
    const isUnion = issues.length === 1 && first?.code === 'invalid_union' && first.path.length === 0;
    return isUnion && first.errors.length > 0 ? formsOf(first.errors) : [issues];
  });
}
