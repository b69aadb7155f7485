import { describe, expect, test } from 'vitest';

import { cutPassages } from '../../../../src/lookups/knowledge/documents/cut-passages.ts';
import { documentFormat, readDocument } from '../../../../src/lookups/knowledge/documents/read-document.ts';
import type { DocumentFormat } from '../../../../src/lookups/knowledge/documents/read-document.ts';
import { pdfFile } from '../pdf-file.ts';

const utf8 = new TextEncoder();

/** The blocks of a document below their headings, or why it has none. */
async function read(content: string | Uint8Array, format: DocumentFormat) {
  const outcome = await readDocument(typeof content === 'string' ? utf8.encode(content) : content, format);
  if (outcome.kind === 'unreadable') return outcome.why;
  const { document, warnings } = outcome;
  const sections = document.sections.map(({ headings, page, blocks }) => ({
    under: headings.join(' › '),
    ...(page === null ? {} : { page }),
    blocks,
  }));
  return { title: document.title, sections, ...(warnings.length === 0 ? {} : { warnings }) };
}

describe('Markdown', () => {
  test('is read by its headings; tables and listings become lines that can be spoken', async () => {
    const text = `---
title: "Tariffs"
draft: true
---
# All tariffs

Prices *with* [taxes](https://example.com), see ![a chart](a.png).

Smaller
-------

| Size | Price |
| ---- | ----- |
| S    | 3 €   |
| M    |       |

- one
- two

\`\`\`sh
apt update
  apt upgrade
\`\`\`
`;
    expect(await read(text, 'markdown')).toEqual({
      title: 'Tariffs',
      sections: [
        { under: 'All tariffs', blocks: ['Prices with taxes, see a chart.'] },
        {
          under: 'All tariffs › Smaller',
          blocks: ['Size: S, Price: 3 €', 'Size: M', 'one', 'two', 'apt update; apt upgrade'],
        },
      ],
    });
  });
});

describe('HTML', () => {
  test('is read without scripts, styles and menus', async () => {
    const page = `<!doctype html><html><head><title>Our  hours</title><style>p { color: red }</style></head><body>
      <nav><a href="/">Home</a></nav><script>alert('<h1>no</h1>')</script>
      <h1>Hours</h1><p>Nine to six,<br>Saturday&nbsp;till noon.<div>Graz<h2>Holidays</h2>Closed &amp; quiet.
      <table><tr><th>Day</th><th>Open</th></tr><tr><td><p>New Year</p></td><td>never</td></tr></table>
      <svg><text>drawn</text></svg><noscript>turn it on</noscript></body></html>`;
    expect(await read(page, 'html')).toEqual({
      title: 'Our hours',
      sections: [
        { under: 'Hours', blocks: ['Nine to six, Saturday till noon.', 'Graz'] },
        { under: 'Hours › Holidays', blocks: ['Closed & quiet.', 'Day: New Year, Open: never'] },
      ],
    });
  });

  test('is read however it is left open', async () => {
    const found = await read('<table><tr><td>one<td>two<tr><td>three</table><p>four<b>five', 'html');
    expect(found).toMatchObject({ sections: [{ blocks: ['one, two', 'three', 'fourfive'] }] });
  });

  test('is decoded as it says', async () => {
    const page = Buffer.from('<meta charset="iso-8859-15"><p>5 \u00a4 for caf\u00e9s</p>', 'latin1');
    expect(await read(page, 'html')).toMatchObject({ sections: [{ blocks: ['5 € for cafés'] }] });
  });
});

describe('plain text', () => {
  test('has headings that stand alone or are underlined', async () => {
    const text =
      'HANDBOOK\n========\nFor every-\nbody.\n\nOpening hours\n\nNine to six.\nNot on Sundays.\n\nA line that ends.\n';
    expect(await read(text, 'text')).toEqual({
      title: null,
      sections: [
        { under: 'HANDBOOK', blocks: ['For everybody.'] },
        { under: 'HANDBOOK › Opening hours', blocks: ['Nine to six. Not on Sundays.', 'A line that ends.'] },
      ],
    });
  });

  test.for([
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffGrüße.')],
    ['UTF-16, little end first', Buffer.from('\ufeffGrüße.', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\ufeffGrüße.', 'utf16le').swap16()],
  ] as const)('is read in %s', async ([, bytes]) => {
    expect(await read(bytes, 'text')).toEqual({ title: null, sections: [{ under: '', blocks: ['Grüße.'] }] });
  });

  test('in another encoding is read with a warning', async () => {
    expect(await read(Buffer.from('Gr\u00fc\u00dfe.', 'latin1'), 'text')).toMatchObject({
      sections: [{ blocks: ['Grüße.'] }],
      warnings: [expect.stringContaining('is not in UTF-8 and was read as Windows-1252')],
    });
  });
});

describe('a PDF', () => {
  test('is read by its pages, with headings by the size of their letters, without what every page repeats', async () => {
    const pages = Array.from({ length: 5 }, (_page, index) => [
      { text: `Handbook, page ${index + 1} of 5` },
      { text: `Part ${index + 1} (new)`, size: 20 },
      { text: `The device num-` },
      { text: `ber ${index + 1} is blue.` },
      { text: 'confidential' },
    ]);
    const found = await read(pdfFile(pages, 'Devices'), 'pdf');
    expect(found).toMatchObject({ title: 'Devices' });
    expect(found).toMatchObject({
      sections: pages.map((_page, index) => ({
        under: `Part ${index + 1} (new)`,
        page: index + 1,
        blocks: [`The device number ${index + 1} is blue.`],
      })),
    });
  });

  test('of pictures is refused with the remedy', async () => {
    expect(await read(pdfFile([[], []]), 'pdf')).toMatch(
      /^holds pictures of pages and no text\. Have its text recognized/,
    );
  });
});

describe('what cannot be read', () => {
  test.for([
    ['text', Buffer.from(Array.from({ length: 5_000 }, (_byte, index) => (index * 7919) % 256)), 'holds no text'],
    ['markdown', Buffer.alloc(10_000), 'holds no text'],
    ['html', '<script>1</script>', 'is empty'],
    ['text', ' \n\n', 'is empty'],
    ['pdf', 'no PDF at all', 'cannot be read (Invalid PDF structure.)'],
  ] as const)('is said of %s', async ([format, content, why]) => {
    expect(await read(content, format)).toContain(why);
  });

  test('is told by the names of files as well', () => {
    expect(['a.MD', 'b.markdown', 'c.htm', 'd.Pdf', 'e.txt', 'f.docx', 'md', 'g.json'].map(documentFormat)).toEqual([
      'markdown',
      'markdown',
      'html',
      'pdf',
      'text',
      null,
      'markdown',
      null,
    ]);
  });
});

const sentence = 'The quick brown fox jumps over the lazy dog and goes home again in the evening.';

function letters(text: string): number {
  return text.replaceAll(/\s/g, '').length;
}

describe('passages', () => {
  test('are filled up to the end of a sentence, and repeat the last sentence of the one before', () => {
    const sentences = Array.from({ length: 20 }, (_sentence, index) => `Number ${index}: ${sentence}`);
    const blocks = [sentences.slice(0, 7).join(' '), sentences.slice(7).join(' ')];
    const passages = cutPassages([{ headings: ['A'], page: 3, blocks }]);
    expect(passages.map(({ text }) => text.match(/(?<=Number )\d+/g)?.map(Number))).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    ]);
    expect(passages[1]).toMatchObject({ headings: ['A'], page: 3, text: expect.stringMatching(/^Number 9: /) });
  });

  test('keep a short rest', () => {
    const [one, ...others] = cutPassages([{ headings: [], page: null, blocks: [sentence.repeat(11), 'The end.'] }]);
    expect(one?.text).toMatch(/ The end\.$/);
    expect(others).toEqual([]);
  });

  test('never hold more than can be told, nor parts of two sections', () => {
    const blocks = [sentence.repeat(40), 'word '.repeat(2_000), 'x'.repeat(5_000)];
    const sections = ['A', 'B'].map((heading) => ({ headings: [heading], page: null, blocks }));
    const passages = cutPassages(sections);
    expect(Math.max(...passages.map(({ text }) => text.length))).toBeLessThanOrEqual(1_200);
    const before = 2 * letters(blocks.join(''));
    const after = passages.reduce((sum, { text }) => sum + letters(text), 0);
    expect(after).toBeGreaterThanOrEqual(before);
  });
});
