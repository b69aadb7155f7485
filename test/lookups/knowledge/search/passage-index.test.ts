import { describe, expect, onTestFinished, test } from 'vitest';

import { readMarkdown } from '../../../../src/lookups/knowledge/documents/read-markdown.ts';
import { detectLanguage, stemsOf } from '../../../../src/lookups/knowledge/search/languages.ts';
import { PassageIndex } from '../../../../src/lookups/knowledge/search/passage-index.ts';
import { preparePassages } from '../../../../src/lookups/knowledge/search/prepare-passages.ts';
import { similarStems } from '../../../../src/lookups/knowledge/search/similar-stems.ts';

function indexOf(files: Readonly<Record<string, string>>): PassageIndex {
  const index = new PassageIndex();
  onTestFinished(() => index.close());
  for (const [file, text] of Object.entries(files)) put(index, file, text);
  return index;
}

function put(index: PassageIndex, file: string, text: string): void {
  const { title, language, passages } = preparePassages(readMarkdown(text), null, 1_000);
  const document = index.begin(file, title, language);
  index.add(document, passages);
  index.finish(document, file);
}

const textsOf = (index: PassageIndex, asked: string): string[] => index.search(asked, 5).map(({ text }) => text);

describe('the index', () => {
  test('finds a document when it is whole, and until then the one that it replaces', () => {
    const index = indexOf({ 'a.md': 'The door is green.' });
    const { title, language, passages } = preparePassages(readMarkdown('The door is blue.'), null, 1_000);
    const document = index.begin('a.md', title, language);
    index.add(document, passages);
    expect(textsOf(index, 'door')).toEqual(['The door is green.']);
    index.finish(document, 'a.md');
    expect(textsOf(index, 'door')).toEqual(['The door is blue.']);
    expect(index.passages).toBe(1);
  });

  test('forgets a file', () => {
    const index = indexOf({ 'a.md': 'The door is green.', 'b.md': 'The gate is blue.' });
    index.remove('a.md');
    expect(textsOf(index, 'green doors')).toEqual([]);
    expect(textsOf(index, 'blue gates')).toEqual(['The gate is blue.']);
  });

  test('finds nothing in nothing', () => {
    expect(textsOf(indexOf({}), 'door')).toEqual([]);
  });

  test('takes what stands around a passage for what it speaks of', () => {
    const filler = 'This paragraph is here to be long and says nothing that anybody would ask for. '.repeat(11);
    const text = (thing: string): string =>
      `# Manual\n\nThe ${thing} needs care. ${filler}\n\nPress the red key twice.`;
    const index = indexOf({ 'a.md': text('dryer'), 'b.md': text('washer') });
    expect(
      index.search('Which key do I press on the washer?', 5).find(({ text: found }) => found.endsWith('twice.')),
    ).toMatchObject({
      file: 'b.md',
    });
  });

  test('prefers what has words of the question close together', () => {
    const filler = 'Nobody would ever ask for anything of this, since it tells of something else and goes on for long.';
    const index = indexOf({
      'a.md': `The hot water runs at noon. ${filler} A spare key hangs at the gate.`,
      'b.md': `The water runs at noon. ${filler} A hot spare waits at the gate.`,
    });
    expect(textsOf(index, 'hot spare')[0]).toContain('hot spare');
  });

  test('prefers a word to one that resembles it', () => {
    const index = indexOf({ 'a.md': 'The boiler is green.', 'b.md': 'The radiator is green.' });
    expect(textsOf(index, 'boyler radiator')[0]).toContain('radiator');
  });

  test('finds by heading what the text does not name again', () => {
    const index = indexOf({
      'a.md': '# Fees\n\n## Storage\n\nIt costs two euros a day.\n\n## Delivery\n\nIt costs five euros.',
    });
    expect(textsOf(index, 'What is the fee for delivery?')[0]).toBe('It costs five euros.');
  });
});

describe('languages', () => {
  test.for([
    ['de', 'Wie lange darf ich die Ware zurückgeben, wenn sie nicht gefällt?'],
    ['en', 'How long may I return the goods if I do not like them?'],
    ['fr', 'Combien de temps ai-je pour rendre la marchandise si elle ne me plaît pas ?'],
    ['es', '¿Cuánto tiempo tengo para devolver la mercancía si no me gusta?'],
    ['en', 'A1042'],
  ] as const)('are told by their small words: %s', ([language, text]) => {
    expect(detectLanguage(text)).toBe(language);
  });

  test('have stems without accents', () => {
    expect(stemsOf('Die Häuser, die Straße und zurückgegebene Bücher', 'de')).toEqual([
      'haus',
      'strass',
      'zuruckgegeb',
      'buch',
    ]);
  });

  test('of all documents are searched at once', () => {
    const index = indexOf({
      'de.md': 'Die Häuser in der Straße haben alle einen Garten, und sie sind nicht teuer.',
      'en.md': 'The houses of the street have a garden each, and they are not expensive.',
    });
    expect(textsOf(index, 'Ist das Haus teuer?')[0]).toMatch(/^Die Häuser/);
    expect(textsOf(index, 'Is the house expensive?')[0]).toMatch(/^The houses/);
  });

  test('with compounds are found by parts of them, and by compounds where a document has the parts', () => {
    const index = indexOf({
      'a.md': 'Die Rückgabefrist ist für alle Waren gleich und beträgt dreißig Tage.',
      'b.md': 'Der Preis für das Porto ist in allen Ländern der gleiche.',
    });
    expect(textsOf(index, 'Wie ist das mit der Rückgabe?')[0]).toContain('Rückgabefrist');
    expect(textsOf(index, 'Was ist der Portopreis?')[0]).toContain('Porto');
  });
});

describe('stems that stand nowhere', () => {
  const known = ['boiler', 'radiat', 'ruckgabefrist', 'frist', 'oil'];

  test.for([
    ['boilr', ['boiler']],
    ['biler', ['boiler']],
    ['boyler', ['boiler']],
    ['ruckgab', ['ruckgabefrist']],
    ['lieferfrist', ['frist']],
    ['oi', []],
    ['zebra', []],
  ] as const)('%s resembles %j', ([stem, similar]) => {
    expect(similarStems(stem, known)).toEqual(similar);
  });
});
