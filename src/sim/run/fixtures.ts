import { fileURLToPath } from 'node:url';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { WorldScenario } from '../scenario/world-scenario.ts';
import { readScenario } from './scenario.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures/calls/', import.meta.url));

/** A call that is kept: its folder, and what made it. */
export interface CallFixture {
  readonly name: string;
  readonly folder: string;
  /** Null for a fixture that is no simulated call, and so cannot be recorded again. */
  readonly scenario: WorldScenario | null;
}

/** All calls under `fixtures/calls`. Throws `config.invalid`, which names the file and everything wrong in it. */
export function callFixtures(): CallFixture[] {
  const folders = readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => {
    const folder = join(fixtures, name);
    const path = join(folder, 'scenario.json');
    return { name, folder, scenario: existsSync(path) ? readScenario(path) : null };
  });
}
