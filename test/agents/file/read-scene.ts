import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { AgentsSource } from '../../../src/agents/agents-source.ts';
import type { ReadAgents } from '../../../src/agents/file/read-agents-file.ts';
import { loadConfig } from '../../../src/config/load/load-config.ts';

/** Files by their names, in a folder that ends with the test. */
export function folderOf(
  context: Pick<TestContext, 'onTestFinished'>,
  files: Readonly<Record<string, string | Uint8Array>>,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-agents-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Reads an agents file with what lies beside it. In what is said, paths begin in its folder. */
export async function readAgents(
  files: Readonly<Record<string, string | Uint8Array>>,
  env: Readonly<Record<string, string>> = {},
): Promise<ReadAgents> {
  const folder = folderOf({ onTestFinished }, files);
  const config = loadConfig({ ...env, AGENTS_FILE: join(folder, 'agents.yaml') });
  const read = await new AgentsSource(config, {
    toolNames: () => ['lookup_record', 'weather', 'end_call'],
    isSimulated: false,
  }).read();
  const short = (lines: readonly string[]): string[] => lines.map((line) => line.replaceAll(`${folder}/`, ''));
  return { ...read, problems: short(read.problems), warnings: short(read.warnings), files: short(read.files) };
}
