import { readFileSync } from 'node:fs';

/** The files of a new tool with this name, by their own names. The tool works, and its test passes. */
export function newToolFiles(name: string): Readonly<Record<string, string>> {
  const file = name.replaceAll('_', '-');
  // A tool may be named as a word that JavaScript keeps for itself.
  const constant = `${name.replaceAll(/_+([a-z0-9]?)/g, (_match, letter: string) => letter.toUpperCase())}Tool`;
  const filled = (template: string): string =>
    readFileSync(new URL(`template/${template}.txt`, import.meta.url), 'utf8')
      .replaceAll('{{name}}', name)
      .replaceAll('{{constant}}', constant)
      .replaceAll('{{file}}', file);
  return { [`${file}.ts`]: filled('tool'), [`${file}.test.ts`]: filled('test') };
}
