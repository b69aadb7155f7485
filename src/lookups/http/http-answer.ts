import type { JSONPathQuery, JSONValue } from 'json-p3';

import { jsonShape, toldLevelsMax } from '../../encoding/json.ts';
import { compilePath, compileSay, type SayTemplate } from './answer-template.ts';
import type { HttpFields } from './http-fields.ts';

const partsUsual = 5;

/** What an answer of a service comes to: a text for the model, nothing that fits, or what cannot be read. */
export type ReadAnswer =
  | { readonly kind: 'found'; readonly text: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Reads the text of an answer as `answer` in the tools file says. */
export type AnswerReader = (text: string, mediaType: string) => ReadAnswer;

/** Prepares the reading of answers. What the file says has been checked. */
export function createAnswerReader({ path, say, at_most: partsMax = partsUsual }: HttpFields['answer']): AnswerReader {
  const query = path === undefined ? null : compiled(compilePath(path));
  const template = say === undefined ? null : compiled(compileSay(say));
  return (text, mediaType) => {
    const json = parseAnswer(text);
    if (json === undefined) {
      const isPlain = query === null && template === null && mediaType.startsWith('text/plain');
      if (!isPlain) return { kind: 'unreadable', why: `the answer is ${mediaType === '' ? 'no JSON' : mediaType}` };
      return text.trim() === '' ? { kind: 'nothing' } : { kind: 'found', text: text.trim() };
    }
    if (jsonShape(text).levels > toldLevelsMax) return { kind: 'unreadable', why: 'the answer is nested too deeply' };
    const parts = query === null ? [json] : query.query(json).values();
    const [first] = parts;
    const list = query !== null && parts.length === 1 && Array.isArray(first) && template !== null ? first : parts;
    const told = list.map((part) => (template === null ? described(part) : said(template, part)));
    const sentences = told.filter((sentence) => sentence !== null && sentence !== '');
    if (sentences.length === 0) return { kind: 'nothing' };
    const more = sentences.length - partsMax;
    const separator = template === null ? ', ' : ' ';
    const shown = sentences.slice(0, partsMax).join(separator);
    return {
      kind: 'found',
      text:
        more > 0 ? `${shown}${template === null ? '.' : ''} There ${more === 1 ? 'is' : 'are'} ${more} more.` : shown,
    };
  };
}

/** The sentence about one part of an answer; null when the part lacks what the sentence tells. */
function said({ texts, places }: SayTemplate, part: JSONValue): string | null {
  let sentence = texts[0] ?? '';
  for (const [index, place] of places.entries()) {
    const values = place
      .query(part)
      .values()
      .map(described)
      .filter((value) => value !== '');
    if (values.length === 0) return null;
    sentence += `${listed(values)}${texts[index + 1] ?? ''}`;
  }
  return sentence;
}

/** A value in words: models read braces and tables aloud. */
function described(value: JSONValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value.replaceAll(/\s+/g, ' ').trim();
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return listed(value.map(described).filter((item) => item !== ''));
  return Object.entries(value)
    .map(([name, inner]) => ({ name: name.replaceAll(/[_-]+/g, ' '), text: described(inner) }))
    .filter(({ text }) => text !== '')
    .map(({ name, text }) => `${name}: ${text}`)
    .join('; ');
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

function parseAnswer(text: string): JSONValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function compiled<Kind extends JSONPathQuery | SayTemplate>(result: Kind | string): Kind {
  if (typeof result === 'string') throw new TypeError(`The tools file was not checked: its answer ${result}.`);
  return result;
}
