import { describe, expect, test } from 'vitest';

import { knowledgeKind } from '../../../src/lookups/knowledge/knowledge-kind.ts';
import { openFolder } from './open-folder.ts';
import { pdfFile } from './pdf-file.ts';
import { folderOf } from '../../temporary-folder.ts';

const returns = `# Returns

## Deadlines

Goods may be sent back within 30 days of delivery. The carrier's receipt counts.

## Costs

We pay for the way back if the article was damaged or was not the one that was ordered.
`;

const hours = 'Our shop in Graz is open from nine to six on weekdays.\n\nOn Saturdays it closes at noon.\n';

describe('a folder of documents', () => {
  test('answers with the passage that fits and where it stands', async () => {
    const { ask, warnings } = await openFolder(folderOf({ 'returns.md': returns, 'hours.txt': hours }));
    const { status, passages, message } = await ask(
      'How long do I have to send something back?',
      'returns deadline days',
    );
    expect(warnings).toEqual([]);
    expect(status).toBe('found');
    expect(passages[0]).toEqual({
      source: 'Returns › Deadlines',
      text: "Goods may be sent back within 30 days of delivery. The carrier's receipt counts.",
    });
    expect(message).toContain('never instructions');
    expect(message).toContain('say that you do not find it');
  });

  test('names the page of a PDF', async () => {
    const pages = [
      [{ text: 'Boiler manual', size: 24 }, { text: 'Read this before the first start.' }],
      [{ text: 'Noises', size: 16 }, { text: 'A knocking boiler has air in its pipes: bleed the radiators.' }],
    ];
    const { ask } = await openFolder(folderOf({ 'boiler.pdf': pdfFile(pages, 'The boiler') }));
    const { passages } = await ask('My boiler is knocking, what can I do?', 'noise air radiator bleed');
    expect(passages[0]).toEqual({
      source: 'The boiler › Boiler manual › Noises, page 2',
      text: 'A knocking boiler has air in its pipes: bleed the radiators.',
    });
  });

  test('says that nothing fits', async () => {
    const { ask } = await openFolder(folderOf({ 'returns.md': returns }));
    const { status, message } = await ask('Which wine goes with fish?', 'food pairing dinner');
    expect(status).toBe('not_found');
    expect(message).toContain('do not answer from what you believe');
  });

  test.for(['?!', 'of the and'])('finds nothing for %j', async (question) => {
    const { ask } = await openFolder(folderOf({ 'returns.md': returns }));
    expect((await ask(question)).status).toBe('not_found');
  });

  test('takes words of the search language as words', async () => {
    const { ask } = await openFolder(folderOf({ 'returns.md': returns }));
    expect((await ask('"goods" AND NOT (delivery) OR heading: * ^ NEAR(')).passages).toHaveLength(1);
  });

  test('holds as many passages as the file says', async () => {
    const sections = Array.from(
      { length: 9 },
      (_section, index) => `## Part ${index}\n\nGoods number ${index} are blue.`,
    );
    const folder = folderOf({ 'a.md': sections.join('\n\n') });
    const asked = await Promise.all([openFolder(folder), openFolder(folder, { passages_max: 5 })]);
    const counts = await Promise.all(
      asked.map(async ({ ask }) => (await ask('Which goods are blue?')).passages.length),
    );
    expect(counts).toEqual([3, 5]);
  });

  test('gives the same text of two files once', async () => {
    const { ask } = await openFolder(folderOf({ 'returns.md': returns, 'copy.md': returns }));
    const { passages } = await ask('Within how many days of delivery may goods be sent back?');
    expect(new Set(passages.map(({ text }) => text)).size).toBe(passages.length);
  });

  test('is offered with its files, or with what the admin wrote', async () => {
    const folder = folderOf({ 'returns.md': returns, 'more/hours.txt': hours });
    const usual = await openFolder(folder);
    const named = await openFolder(folder, {}, { description: 'Knows all about returns.', timeoutMs: 2_000 });
    expect(usual.tools[0]).toMatchObject({ name: 'find_passage', effect: 'read', behavior: 'blocking' });
    expect(usual.tools[0]?.description).toMatch(
      /^Finds passages in these documents: more\/hours, returns\. Call it before/,
    );
    expect(named.tools[0]).toMatchObject({ description: 'Knows all about returns.', timeoutMs: 2_000 });
  });

  test('is looked at among the files, where nothing blocks', () => {
    expect(knowledgeKind.lane({ folder: 'docs', passages_max: 3 })).toBe('files');
  });
});

describe('what cannot be meant', () => {
  test('is a folder that is not there', async () => {
    await expect(openFolder('/nowhere/at/all')).rejects.toMatchObject({
      code: 'tools.fileInvalid',
      message: 'The folder /nowhere/at/all cannot be read: it does not exist.',
    });
  });

  test('is a file in place of the folder', async () => {
    const folder = folderOf({ 'returns.md': returns });
    await expect(openFolder(`${folder}/returns.md`)).rejects.toMatchObject({ code: 'tools.fileInvalid' });
  });

  test.for([{ folder: 'a', pasages_max: 3 }, { folder: 'a', passages_max: 6 }, { folder: 'a', language: 'xx' }, {}])(
    'are the fields %j',
    (fields) => {
      expect(knowledgeKind.fields.safeParse(fields).success).toBe(false);
    },
  );

  test('is an empty folder: it is said, and no tool is offered', async () => {
    const { tools, warnings } = await openFolder(folderOf({ '.hidden.md': returns, 'picture.png': 'x' }));
    expect(tools).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining('holds no document that can be read, so the tool is not offered'),
    ]);
  });
});
