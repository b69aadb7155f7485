import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { seededRandom } from '../../src/sim/seeded-random.ts';
import { handbookFolder } from './handbook-questions.ts';

/** Sentences of a made-up paragraph. */
const paragraphSentences = 7;

/** Paragraphs below one heading: about as many passages, or a few more. */
const sectionParagraphs = 4;

/**
 * Fills a folder with about so many passages: sentences of the handbook in another order. Words are then as common and as rare as people
 * write them, which is what a search costs time by.
 */
export function writeLargeFolder(folder: string, passages: number, seed: number): void {
  const random = seededRandom(seed);
  const text = readdirSync(handbookFolder)
    .map((file) => readFileSync(join(handbookFolder, file), 'utf8'))
    .join('\n');
  const sentences = text
    .split(/(?<=[.?!])\s+/)
    .filter((sentence) => /^[A-Z]/.test(sentence) && !sentence.includes('\n'));
  const sentence = (): string => sentences[random() % sentences.length] ?? '';
  mkdirSync(folder, { recursive: true });
  const filePassages = 500;
  for (let file = 0; file * filePassages < passages; file += 1) {
    const sections = Array.from({ length: filePassages / sectionParagraphs }, (_section, index) => {
      const paragraphs = Array.from({ length: sectionParagraphs }, () =>
        Array.from({ length: paragraphSentences }, sentence).join(' '),
      );
      return [`## Section ${file}.${index}`, ...paragraphs].join('\n\n');
    });
    writeFileSync(join(folder, `part-${file}.md`), `# Part ${file}\n\n${sections.join('\n\n')}\n`);
  }
}
