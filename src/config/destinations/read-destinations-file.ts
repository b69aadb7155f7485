import { z } from 'zod';
import { type MemberPath, problemLine } from '../../admin-file/file-problem.ts';
import { readFileTree } from '../../admin-file/file-tree.ts';
import { didYouMean, issueFaults } from '../../admin-file/issue-words.ts';
import {
  destinationFieldNames,
  destinationForms,
  type DestinationMeans,
  planDestinations,
} from './destination-schema.ts';
import type { ReadDestinations } from './read-destinations.ts';

const agentForm = z.object({ destinations: z.record(z.string(), z.unknown()) });

/**
 * Reads the text of a YAML or JSON file that holds destinations by name, as `destinations` of an agent does. Each problem is a line: file,
 * line, column, field and remedy. None shows a number.
 */
export function readDestinationsFile(file: string, text: string, means: DestinationMeans): ReadDestinations {
  const { value, placeOf, problems: unread } = readFileTree(text);
  if (unread.length > 0) return { problems: unread.map((problem) => problemLine(file, problem)) };
  if (value === undefined) {
    const what = 'is empty; it wants a name and a number for each destination';
    return { problems: [problemLine(file, { place: placeOf([]), path: [], what })] };
  }
  if (isBelowItsName(value)) {
    const what = 'belongs in an agents file; leave it out here, and begin with the names of the destinations';
    return { problems: [problemLine(file, { place: placeOf(['destinations']), path: ['destinations'], what })] };
  }
  const read = destinationForms.safeParse(value);
  const { destinations, faults } = planDestinations(read.data ?? {}, means);
  const wrong = [
    ...issueFaults(read.error?.issues ?? [], value).map(({ path, what }) => ({
      path,
      what: what + meantField(path),
    })),
    ...faults.map(({ path, message }) => ({ path, what: message.replace(/[.?]$/, '') })),
  ];
  if (wrong.length === 0) return { destinations };
  return { problems: wrong.map(({ path, what }) => problemLine(file, { place: placeOf(path), path, what })) };
}

/** Whether the names stand below `destinations`, as they do in an agents file. */
function isBelowItsName(value: unknown): boolean {
  const read = agentForm.safeParse(value);
  return read.success && Object.keys(read.data.destinations).every((name) => !destinationFieldNames.includes(name));
}

function meantField(path: MemberPath): string {
  const field = path.length > 1 ? String(path.at(-1)) : '';
  return destinationFieldNames.includes(field) ? '' : didYouMean(field, destinationFieldNames);
}
