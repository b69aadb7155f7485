import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AgentsSource } from '../../../src/agents/agents-source.ts';
import type { ReadAgents } from '../../../src/agents/file/read-agents-file.ts';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** Reads an agents file with what lies beside it. In what is said, paths begin in its folder. */
export async function readAgents(
  files: Readonly<Record<string, string | Uint8Array>>,
  env: Readonly<Record<string, string>> = {},
): Promise<ReadAgents> {
  const folder = temporaryFolder({ onTestFinished }, files);
  const config = loadConfig({ ...env, AGENTS_FILE: join(folder, 'agents.yaml') });
  const read = await new AgentsSource(config, {
    toolNames: () => ['lookup_record', 'weather', 'end_call'],
    isSimulated: false,
  }).read();
  const short = (lines: readonly string[]): string[] => lines.map((line) => line.replaceAll(`${folder}/`, ''));
  return { ...read, problems: short(read.problems), warnings: short(read.warnings), files: short(read.files) };
}
