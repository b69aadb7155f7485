import fc from 'fast-check';
import { copyOf, type JsonTree, placesOf, treeText } from './json-tree.ts';
import { junkNames, junkValues } from './junk.ts';

/** One change of a message. The numbers choose; each is taken modulo what there is to choose from. */
export type Mutation = readonly [how: number, where: number, what: number];

/** A message that is to be mutated: one of the true ones, and what is done to it. */
export type Draft = readonly [base: number, mutations: readonly Mutation[]];

/** More changes than this leave nothing of a message that a parser would look into. */
const mutationsMax = 3;

const mutation: fc.Arbitrary<Mutation> = fc.tuple(fc.nat(99), fc.nat(9_999), fc.nat(999));

/** Drafts of messages. A message may stay as it is: what comes after a true one goes deeper. */
export const draft: fc.Arbitrary<Draft> = fc.tuple(fc.nat(999), fc.array(mutation, { maxLength: mutationsMax }));

/** Writes a draft, with these true messages to choose from. */
export function draftText(bases: readonly JsonTree[], [base, mutations]: Draft): string {
  const tree = copyOf(chosen(bases, base));
  const ofText: Mutation[] = [];
  for (const each of mutations) {
    const change = chosen(changes, each[0]);
    if (change === 'text') ofText.push(each);
    else changeTree(tree, change, each);
  }
  return ofText.reduce((text, [, where, what]) => changeText(text, where, what), treeText(tree));
}

/** How messages are changed; the frequent ones stand several times. */
const changes = [
  'replace',
  'replace',
  'replace',
  'drop',
  'double',
  'doubleOther',
  'rename',
  'move',
  'wrapInArray',
  'wrapInObject',
  'otherType',
  'repeat',
  'text',
] as const;

function changeTree(
  tree: JsonTree,
  change: Exclude<(typeof changes)[number], 'text'>,
  [, where, what]: Mutation,
): void {
  const places = placesOf(tree);
  const place = places[where % places.length];
  if (place === undefined) return;
  const { value, put, rename } = place;
  const junk: JsonTree = { kind: 'leaf', text: chosen(junkValues, what) };
  switch (change) {
    case 'replace':
      return put(junk);
    case 'drop':
      return put();
    case 'double':
      return put(value, value);
    case 'doubleOther':
      return put(value, junk);
    case 'rename':
      return rename(chosen(junkNames, what));
    case 'move':
      return put(copyOf(places[what % places.length]?.value ?? junk));
    case 'wrapInArray':
      return put({ kind: 'array', items: [value] });
    case 'wrapInObject':
      return put({ kind: 'object', members: [[chosen(junkNames, what), value]] });
    case 'otherType':
      return put({ kind: 'leaf', text: otherType(treeText(value)) });
    case 'repeat':
      return put({ kind: 'array', items: Array.from({ length: 2 + (what % 60) }, () => value) });
  }
}

/** A number as a text, and a text as what it says. */
function otherType(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1) : JSON.stringify(text);
}

/** Changes the bytes without a thought for what they say. */
function changeText(text: string, where: number, what: number): string {
  const at = where % (text.length + 1);
  switch (what % 5) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(at);
    case 2:
      return text.slice(0, at) + chosen(junkValues, what) + text.slice(at);
    case 3:
      return text.slice(0, at) + String.fromCodePoint(what * 7) + text.slice(at + 1);
    default:
      return text + text;
  }
}

function chosen<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError('There is nothing to choose from.');
  return item;
}
