import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = read('docs/security.md');

/** A test as the page names it: its file and its title. */
interface Proof {
  readonly file: string;
  readonly title: string;
}

describe('the threats of docs/security.md', () => {
  const rows = threatRows(page);

  test('each name a control and a test that proves it', () => {
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => row.length !== 3 || proofsIn(row[2] ?? '').length === 0)).toEqual([]);
  });

  test('are proven by tests that exist, by file and title', () => {
    const proofs = rows.flatMap((row) => proofsIn(row[2] ?? ''));
    expect(proofs.filter((proof) => !exists(proof))).toEqual([]);
  });

  test('name nothing else where the proofs stand', () => {
    const rest = rows.map((row) => (row[2] ?? '').replaceAll(proofPattern, '').replaceAll(/[; ]/g, ''));
    expect(rest.filter((text) => text !== '')).toEqual([]);
  });
});

describe('a proof', () => {
  test('is read with its file and title', () => {
    expect(proofsIn('`test/a.test.ts`: "does it"; `test/b/c.slow.test.ts`: "it’s so, or not"')).toEqual([
      { file: 'test/a.test.ts', title: 'does it' },
      { file: 'test/b/c.slow.test.ts', title: 'it’s so, or not' },
    ]);
  });

  test.for([
    { file: 'test/docs/nowhere.test.ts', title: 'is read with its file and title' },
    { file: 'test/docs/security.test.ts', title: 'is read with its file' },
  ])('$file, "$title" is none', (proof) => {
    expect(exists(proof)).toBe(false);
  });
});

const proofPattern = /`(?<file>test\/[\w./-]+\.test\.ts)`: "(?<title>[^"]+)"/g;

/** The cells of all rows below the heading that tells the threats. */
function threatRows(text: string): string[][] {
  const section = /^## Threats.*?(?=^## )/ms.exec(text)?.[0] ?? '';
  return section
    .split('\n')
    .filter((line) => /^\| (?!---|threat )/.test(line))
    .map((line) => line.slice(2, -2).split(' | '));
}

function proofsIn(cell: string): Proof[] {
  return [...cell.matchAll(proofPattern)].map(({ groups }) => ({
    file: groups?.['file'] ?? '',
    title: groups?.['title'] ?? '',
  }));
}

/** Whether the file has a test, or a group of tests, of this title. */
function exists({ file, title }: Proof): boolean {
  if (!existsSync(join(root, file))) return false;
  const text = read(file);
  return [`'`, `"`, '`'].some(
    (quote) => text.includes(`(${quote}${title}${quote},`) || text.includes(`  ${quote}${title}${quote},`),
  );
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
