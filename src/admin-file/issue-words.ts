import type { z } from 'zod';

import { editDistance } from '../encoding/edit-distance.ts';
import type { MemberPath } from './file-problem.ts';
import { withoutNumbers } from './without-numbers.ts';

/** What a schema finds wrong, of one member. */
export interface MemberFault {
  readonly path: MemberPath;
  readonly what: string;
}

type Issue = z.core.$ZodIssue;

/** Says what a schema has found, once for each member, in words that go on a sentence about it. `value` is what was checked. */
export function issueFaults(issues: readonly Issue[], value: unknown): MemberFault[] {
  return issues.flatMap((issue) => faultsOf(issue, value, []));
}

function faultsOf(issue: Issue, root: unknown, outer: MemberPath): MemberFault[] {
  const path = [...outer, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], what: 'is not known here' }));
  }
  if (issue.code === 'invalid_union') {
    const branch = likeliestBranch(issue.errors);
    if (branch !== null) return branch.flatMap((inner) => faultsOf(inner, root, path));
    if (memberOf(root, path) === undefined) return [{ path, what: 'is missing' }];
    return [{ path, what: wrongKind(memberOf(root, path), wantedTypes(issue)) }];
  }
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
    return [{ path, what: issue.issues.map(({ message }) => message).join('; ') }];
  }
  const given = memberOf(root, path);
  if (given === undefined && issue.code !== 'custom') return [{ path, what: 'is missing' }];
  return [{ path, what: whatIsWrong(issue, given) }];
}

function whatIsWrong(issue: Issue, given: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongKind(given, [issue.expected]);
    case 'invalid_value': {
      const choices = issue.values.map(String);
      const shown =
        typeof given === 'string' ? JSON.stringify(withoutNumbers(given).slice(0, shownCharactersMax)) : kindOf(given);
      return `is ${shown}; it wants ${choices.length === 1 ? '' : 'one of '}${choices.join(', ')}${didYouMean(given, choices)}`;
    }
    case 'too_small':
      return `${issue.origin === 'string' && issue.minimum === 1 ? 'is empty' : 'is too small'}; it wants at least ${amount(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `is too ${issue.origin === 'number' || issue.origin === 'int' ? 'large' : 'long'}; it wants at most ${amount(issue.maximum, issue.origin)}`;
    default:
      return issue.message;
  }
}

/** Longer values say no more about what is wrong with them. */
const shownCharactersMax = 40;

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of names and values',
  record: 'a map of names and values',
};

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a whole number' : 'a number';
  return typeof value === 'object' ? 'a map' : (typeWords[typeof value] ?? typeof value);
}

function amount(limit: number | bigint, origin: string): string {
  if (origin === 'string') return `${limit} character${limit === 1 ? '' : 's'}`;
  return origin === 'array' || origin === 'object' || origin === 'record'
    ? `${limit} ${limit === 1 ? 'entry' : 'entries'}`
    : String(limit);
}

/** Of several forms, the one that was probably meant: whose own type fits, with the fewest faults. */
function likeliestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const meant = branches.filter(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
  return meant.toSorted((a, b) => a.length - b.length)[0] ?? null;
}

function wantedTypes({ errors }: z.core.$ZodIssueInvalidUnion): string[] {
  return errors.flatMap((issues) => issues.flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : [])));
}

function wrongKind(given: unknown, wanted: readonly string[]): string {
  // What is meant as a text is often read as something else: 007, true, {city}.
  const remedy = wanted.includes('string') && given !== null && !Array.isArray(given) ? '; put it in quotes' : '';
  const kinds = new Set(wanted.map((type) => typeWords[type] ?? type));
  return `is ${kindOf(given)}; it wants ${[...kinds].join(' or ')}${remedy}`;
}

/** The member of a value that a path leads to. */
function memberOf(root: unknown, path: MemberPath): unknown {
  return path.reduce<unknown>((value, step) => {
    const isInside = typeof value === 'object' && value !== null && Object.hasOwn(value, step);
    return isInside ? Reflect.get(value, step) : undefined;
  }, root);
}

/** A slip is at most two letters; more is another word. */
const slipsMax = 2;

/** "; did you mean …?" without the mark, for a word that is a slip away from one of those that are known, or another word for it. */
export function didYouMean(
  written: unknown,
  known: readonly string[],
  otherWords: Readonly<Record<string, string>> = {},
): string {
  const meant = meantName(written, known, otherWords);
  return meant === null ? '' : `; did you mean ${meant}`;
}

/** The known name of which a word is a slip away, or for which it is another word; null where there is none. */
export function meantName(
  written: unknown,
  known: readonly string[],
  otherWords: Readonly<Record<string, string>> = {},
): string | null {
  if (typeof written !== 'string') return null;
  const word = written.toLowerCase().replaceAll('-', '_');
  const snake = written.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  const other = Object.hasOwn(otherWords, word) ? otherWords[word] : undefined;
  const same = other ?? known.find((name) => name === word || name === snake);
  const slips = (name: string): number => editDistance(word, name.toLowerCase());
  const near = known
    .filter((name) => name.length > slipsMax && slips(name) <= slipsMax)
    .toSorted((a, b) => slips(a) - slips(b));
  return same ?? near[0] ?? null;
}
