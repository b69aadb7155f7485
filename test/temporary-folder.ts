import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder with these files, far from the package, for as long as a test runs, or until whoever is handed its end calls that. */
export function temporaryFolder(
  context: { readonly onTestFinished: (end: () => void) => void },
  files: Readonly<Record<string, string | Uint8Array>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** The same for the test that runs, where none runs beside it. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  return temporaryFolder({ onTestFinished }, files);
}
