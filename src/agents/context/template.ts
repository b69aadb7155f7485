import { nearestName } from '../../config/misspelt.ts';

/** The names that every call fills by itself. */
export const builtInNames = [
  'date',
  'time',
  'weekday',
  'time_zone',
  'caller_number',
  'dialled_number',
  'agent',
  'open',
  'hours',
] as const;

export type BuiltInName = (typeof builtInNames)[number];

/** Four braces stand for two; two begin a placeholder, or a mistake. */
const tokens = /\{\{\{\{|\{\{\s*([A-Za-z][\w-]*)\s*\}\}|\{\{/g;

/**
 * Fills the placeholders of a text. It is gone through once, so a value that looks like a placeholder stays as it is. What has no value
 * stays as it is written.
 */
export function fillPlaceholders(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(tokens, (token, name: string | undefined) => {
    if (token === '{{{{') return '{{';
    return (name === undefined ? undefined : values.get(name)) ?? token;
  });
}

/** What the texts of an agent may name. */
export interface TemplateNames {
  /** The names of the values that are declared. */
  readonly declared: readonly string[];
  /** The built-in ones that this text may hold. */
  readonly builtIn: readonly BuiltInName[];
  /** Where names are declared, for the remedy, such as `CONTEXT_DEFAULTS`. */
  readonly declaredIn: string;
  /** Whether it is known when the business is open; without that, `open` and `hours` have no value. */
  readonly hasHours: boolean;
  /** Where that is said, such as `BUSINESS_HOURS`. */
  readonly hoursIn: string;
}

/** What is wrong with the placeholders of a text. Each problem is the rest of a sentence that begins with where the text stands. */
export function templateProblems(text: string, names: TemplateNames): string[] {
  const known = [...names.declared, ...names.builtIn];
  const problems: string[] = [];
  for (const match of text.matchAll(tokens)) {
    const [token, name] = match;
    if (token === '{{{{') continue;
    const line = text.slice(0, match.index).split('\n').length;
    const where = text.includes('\n') ? ` in line ${line}` : '';
    if (name === undefined) {
      problems.push(
        `holds "{{"${where}, which begins no placeholder; write {{name}}, or {{{{ for two braces that shall stay.`,
      );
    } else if (!known.includes(name)) {
      problems.push(`holds {{${name}}}${where}, which ${whyUnknown(name, known, names)}`);
    } else if ((name === 'open' || name === 'hours') && !names.hasHours) {
      problems.push(`holds {{${name}}}${where}, which wants ${names.hoursIn}.`);
    }
  }
  return [...new Set(problems)];
}

function whyUnknown(name: string, known: readonly string[], { builtIn, declaredIn }: TemplateNames): string {
  const taken = builtIn.length === 1 ? `{{${builtIn[0]}}}` : `one of ${builtIn.join(', ')}`;
  if (isBuiltIn(name)) return `this text cannot have; take ${taken}, or declare another name in ${declaredIn}.`;
  const near = nearestName(name.toLowerCase(), known);
  if (near !== null) return `nothing fills; did you mean {{${near}}}?`;
  return `nothing fills; declare it in ${declaredIn} with a default, or take ${taken}.`;
}

function isBuiltIn(name: string): boolean {
  return builtInNames.some((one) => one === name);
}
