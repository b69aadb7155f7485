import { cutPassages, type Passage } from '../documents/cut-passages.ts';
import type { DocumentText } from '../documents/section.ts';
import type { DocumentLanguage } from './document-language.ts';
import { detectLanguage, stemsOf } from './languages.ts';

/** A passage with the words by which it is found: stems, with a space between them. */
export interface PreparedPassage extends Passage {
  readonly headingStems: string;
  readonly textStems: string;
}

/** A document that is ready for the index. */
export interface PreparedDocument {
  readonly title: string | null;
  readonly language: DocumentLanguage;
  readonly passages: readonly PreparedPassage[];
  /** How many there were beyond the most that are taken. */
  readonly passagesLeftOut: number;
}

/** Cuts a document into passages and reduces their words, in its own language unless one is given. */
export function preparePassages(
  { title, sections }: DocumentText,
  given: DocumentLanguage | null,
  passagesMax: number,
): PreparedDocument {
  const all = cutPassages(sections);
  const taken = all.slice(0, passagesMax);
  const language = given ?? detectLanguage(sampleOf(taken));
  const passages = taken.map((passage): PreparedPassage => ({
    ...passage,
    headingStems: stemsOf([title ?? '', ...passage.headings].join(' '), language).join(' '),
    textStems: stemsOf(passage.text, language).join(' '),
  }));
  return { title, language, passages, passagesLeftOut: all.length - taken.length };
}

/** From all over a document: a preface may be in another language. */
function sampleOf(passages: readonly Passage[]): string {
  const step = Math.max(1, Math.floor(passages.length / 20));
  return passages
    .filter((_passage, index) => index % step === 0)
    .map(({ text }) => text)
    .join(' ');
}
