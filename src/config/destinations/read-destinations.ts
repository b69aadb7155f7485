import { withoutNumbers } from '../../admin-file/without-numbers.ts';
import {
  destinationFieldNames,
  destinationForms,
  type DestinationMeans,
  planDestinations,
  type PlannedDestination,
} from './destination-schema.ts';
import { flatIssues } from './flat-issues.ts';

/** The destinations of a setting, or everything that is wrong with it: each the rest of a sentence that begins with its name. */
export type ReadDestinations =
  | { readonly destinations: ReadonlyMap<string, PlannedDestination> }
  | { readonly problems: readonly string[] };

/** Longer than sixty-four destinations with all that can be said of them. */
export const destinationsCharsMax = 40_000;

/**
 * Reads `support=+43 1 2345678x42,sales=sip:sales@pbx.example.com`, or a JSON object with what else is to be said of each destination. No
 * message shows a number.
 */
export function readDestinations(text: string, means: DestinationMeans): ReadDestinations {
  if (text.length > destinationsCharsMax)
    return { problems: [`is too long; it wants at most ${destinationsCharsMax} characters.`] };
  const { forms, problems } = /^\s*\{/.test(text) ? jsonForms(text) : listedForms(text);
  const read = destinationForms.safeParse(forms);
  const { destinations, faults } = planDestinations(read.data ?? {}, means);
  const further = [...flatIssues(read.error?.issues ?? [], destinationFieldNames), ...faults].map(
    ({ path, message }) => `${whereOf(path)}${message}`,
  );
  const all = [...problems, ...further];
  return all.length === 0 ? { destinations } : { problems: all };
}

function jsonForms(text: string): { readonly forms: unknown; readonly problems: string[] } {
  try {
    return { forms: JSON.parse(text), problems: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll(/"(?:[^"\\]|\\.)*"|'.*'/g, '…').slice(0, 80) : '';
    return { forms: {}, problems: [`is no JSON (${why}); it wants {"name": "number"}, or name=number.`] };
  }
}

function listedForms(text: string): { readonly forms: unknown; readonly problems: string[] } {
  const forms = new Map<string, string>();
  const problems: string[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const [, name, written] = /^\s*([a-z][a-z0-9-]*)\s*=\s*(.*?)\s*$/.exec(entry) ?? [];
    if (name === undefined || written === undefined) {
      problems.push(`has a wrong entry ${index + 1}; it wants name=number, the name in small letters, digits and "-".`);
    } else if (forms.has(name)) problems.push(`names "${name}" twice; it wants each name once.`);
    else forms.set(name, written);
  }
  return { forms: Object.fromEntries(forms), problems };
}

/** `for "support" (to 2) `: which destination, and which field of it. */
function whereOf(path: readonly PropertyKey[]): string {
  const [name, ...fields] = path.map(String);
  if (name === undefined) return '';
  const shown = fields.length === 1 && fields[0] === 'to' ? [] : fields;
  const field = shown
    .map((part) => (/^\d{1,3}$/.test(part) ? String(Number(part) + 1) : withoutNumbers(part)))
    .join(' ');
  return `for "${withoutNumbers(name).slice(0, 40)}" ${field === '' ? '' : `(${field}) `}`;
}
