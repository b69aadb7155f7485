import type { z } from 'zod';

/** More problems than this are one: the file is not what it should be. */
const problemsMax = 10;

/**
 * Reads a JSON text of a certain form. Each problem is the rest of a sentence about the text, and names the field by its path:
 * "lacks date", "holds perMillionTokens.x.audio, which is unknown". No value is shown.
 */
export function jsonProblems<Value>(
  text: string,
  form: z.ZodType<Value>,
  whyUnknown: (path: string) => string = () => 'is unknown',
): { readonly value: Value } | { readonly problems: string[] } {
  const parsed = parse(text);
  if (parsed === null) return { problems: ['is not JSON'] };
  const checked = form.safeParse(parsed.json);
  if (checked.success) return { value: checked.data };
  const problems = checked.error.issues.flatMap((issue) => {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      const prefix = path === '' ? '' : `${path}.`;
      return issue.keys.map((key) => `holds ${prefix}${key}, which ${whyUnknown(prefix + key)}`);
    }
    if (path === '') return ['is not a JSON object'];
    return has(parsed.json, issue.path) ? [`has a wrong ${path}: it ${issue.message}`] : [`lacks ${path}`];
  });
  return { problems: problems.slice(0, problemsMax) };
}

function parse(text: string): { readonly json: unknown } | null {
  try {
    const json: unknown = JSON.parse(text);
    return { json };
  } catch {
    return null;
  }
}

function has(value: unknown, path: readonly PropertyKey[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  if (typeof value !== 'object' || value === null || !(key in value)) return false;
  return has(new Map(Object.entries(value)).get(String(key)), rest);
}
