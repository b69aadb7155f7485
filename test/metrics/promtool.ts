import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why the tests that need promtool are skipped; null where it is there. */
export const promtoolIsMissing =
  spawnSync('promtool', ['--version']).status === 0 ? null : "promtool is not installed (Debian's package prometheus)";

/** Runs promtool. Returns what it says when it is not content, else null. */
export function promtool(args: readonly string[], input = ''): string | null {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return status === 0 ? null : stdout + stderr;
}

/** Has promtool check what rules and queries say of series. The tests are in its own format. */
export function promtoolTest(suite: object): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'parley-promtool-'));
  try {
    // JSON is YAML.
    const file = join(folder, 'suite.yml');
    writeFileSync(file, JSON.stringify(suite));
    return promtool(['test', 'rules', file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
