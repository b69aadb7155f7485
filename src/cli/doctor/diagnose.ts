import type { Config } from '../../config/config.ts';
import { agentChecks } from './agent-checks.ts';
import { addressChecks } from './address-checks.ts';
import { type Check, type CheckFinding, skipped } from './check.ts';
import { examine } from './examine.ts';
import { fileChecks } from './file-checks.ts';
import { machineChecks } from './machine-checks.ts';
import { modelChecks } from './model/model-checks.ts';
import type { Surroundings } from './scene.ts';
import { nodeFinding, readSettings } from './settings.ts';
import { twilioChecks } from './twilio-checks.ts';

/** What a diagnosis is made of. */
export interface Diagnosis {
  /** Makes the settings. Rejects with `config.invalid` and one line per problem. */
  readonly load: () => Promise<Config>;
  /** The settings as they are written, by name. */
  readonly written: ReadonlyMap<string, string>;
  readonly wants: (check: Check) => boolean;
  readonly world: Surroundings;
  /** Told of each finding, in the order of the checks. */
  readonly tell: (finding: CheckFinding) => void;
}

const allChecks: readonly Check[] = [
  ...machineChecks,
  ...fileChecks,
  ...agentChecks,
  ...addressChecks,
  ...twilioChecks,
  ...modelChecks,
];

/** Checks what a real call needs, from the machine outwards: settings, files, address, Twilio, model. Changes nothing. */
export async function diagnose({ load, written, wants, world, tell }: Diagnosis): Promise<void> {
  tell(nodeFinding(world.nodeVersion));
  const { config, findings } = await readSettings(load, written);
  for (const finding of findings) tell(finding);
  const checks = allChecks.filter(wants);
  if (config !== null) return examine(checks, config, world, tell);
  const names = checks.map(({ name }) => name).join(', ');
  tell({ check: 'the rest', ...skipped(`not checked until the settings are right: ${names}.`) });
}
