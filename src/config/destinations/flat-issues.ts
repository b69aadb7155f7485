import type { z } from 'zod';

import { nearestName } from '../misspelt.ts';

/** One thing that is wrong, and where. */
export interface FlatIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * The issues of a form in which a text may stand for an object or a list. Of such a choice, zod tells what is wrong with every member; only
 * that of the member which was meant is worth reading. `known` are the names of its fields, one of which a slip of the pen may have meant.
 */
export function flatIssues(
  issues: readonly z.core.$ZodIssue[],
  known: readonly string[],
  above: readonly PropertyKey[] = [],
): FlatIssue[] {
  return issues.flatMap((issue): FlatIssue[] => {
    const path = [...above, ...issue.path];
    switch (issue.code) {
      case 'invalid_union': {
        const meant = issue.errors.find(
          (errors) => !errors.some(({ code, path: at }) => code === 'invalid_type' && at.length === 0),
        );
        return meant === undefined ? [{ path, message: 'has the wrong form.' }] : flatIssues(meant, known, path);
      }
      case 'unrecognized_keys':
        return issue.keys.map((key) => ({
          path: [...path, key],
          message: unknownWords(nearestName(key, known)),
        }));
      case 'invalid_type':
        return [{ path, message: `wants ${typeWords(issue.expected)}.` }];
      case 'invalid_value':
        return [{ path, message: `wants one of ${issue.values.join(', ')}.` }];
      default:
        return [{ path, message: issue.message }];
    }
  });
}

function unknownWords(near: string | null): string {
  return near === null ? 'is not known here.' : `is not known here; did you mean ${near}?`;
}

function typeWords(expected: string): string {
  const words = new Map([
    ['string', 'a text'],
    ['number', 'a number'],
    ['int', 'a whole number'],
    ['array', 'a list'],
    ['object', 'fields of its own'],
    ['record', 'names with what they stand for'],
  ]);
  return words.get(expected) ?? expected;
}
