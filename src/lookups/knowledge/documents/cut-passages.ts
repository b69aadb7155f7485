import type { Section } from './section.ts';

/** A piece of a document that answers a question by itself. */
export interface Passage {
  readonly headings: readonly string[];
  readonly page: number | null;
  readonly text: string;
}

/** About 150 words of English: enough for an answer, and three of them are not too long for a model that speaks. */
const freshCharactersMax = 950;

/**
 * How much of the passage before is said again: an answer that lies across the cut is then whole in one of the two. A rest that is shorter
 * would say less than it repeats, and stays with the passage before.
 */
const overlapCharactersMax = 200;

/** With what is said again, or with a short rest. */
const passageCharactersMax = freshCharactersMax + overlapCharactersMax;

/** A word without a space is no word; this is the longest that is kept whole. */
const wordCharactersMax = 100;

/**
 * Cuts a document at the ends of sentences. To cut between paragraphs alone makes passages of very unequal length, and those that are short
 * are found by words that tell little. A passage never holds parts of two sections.
 */
export function cutPassages(sections: readonly Section[]): Passage[] {
  return sections.flatMap(({ headings, page, blocks }) => {
    const pieces = blocks.flatMap((block) => piecesOf(block));
    return packed(pieces).map((text) => ({ headings, page, text }));
  });
}

function packed(pieces: readonly string[]): string[] {
  const passages: string[] = [];
  let fresh: string[] = [];
  let freshCharacters = 0;
  let overlap = '';
  for (const piece of pieces) {
    if (freshCharacters > 0 && freshCharacters + piece.length > freshCharactersMax) {
      passages.push(overlap + fresh.join(' '));
      overlap = endOf(fresh.at(-1) ?? '');
      fresh = [];
      freshCharacters = 0;
    }
    fresh.push(piece);
    freshCharacters += piece.length + 1;
  }
  return fresh.length === 0 ? passages : withRest(passages, overlap, fresh.join(' '));
}

function withRest(passages: readonly string[], overlap: string, rest: string): string[] {
  const last = passages.at(-1);
  const isShort = rest.length < overlapCharactersMax;
  if (last === undefined || !isShort || last.length + rest.length >= passageCharactersMax) {
    return [...passages, overlap + rest];
  }
  return [...passages.slice(0, -1), `${last} ${rest}`];
}

/** The last sentence with a space behind it, or nothing where it is long. */
function endOf(piece: string): string {
  const last = sentencesOf(piece).at(-1) ?? '';
  return last === '' || last.length > overlapCharactersMax ? '' : `${last} `;
}

/** The sentences of a block. One that is too long falls into lines of whole words. */
function piecesOf(block: string): string[] {
  return sentencesOf(block).flatMap((sentence) =>
    sentence.length <= freshCharactersMax ? [sentence] : linesOf(sentence),
  );
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?…]["”’)\]]?) (?=\P{Ll})/u);
}

function linesOf(sentence: string): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  let lineCharacters = 0;
  for (const word of sentence.split(' ').flatMap((long) => long.match(wordPiece) ?? [])) {
    if (lineCharacters + word.length > freshCharactersMax) {
      lines.push(line.join(' '));
      line = [];
      lineCharacters = 0;
    }
    line.push(word);
    lineCharacters += word.length + 1;
  }
  return [...lines, line.join(' ')];
}

const wordPiece = new RegExp(`.{1,${wordCharactersMax}}`, 'gsu');
