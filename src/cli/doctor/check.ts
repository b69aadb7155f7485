import { CheckFailure } from './check-failure.ts';
import { withoutAddresses } from '../../gemini/without-addresses.ts';
import { within } from '../../system/within.ts';
import type { Scene } from './scene.ts';

/** `wrong`: callers would notice. `skipped`: it cannot be told, because of something else that is said. */
export type Level = 'ok' | 'warning' | 'wrong' | 'skipped';

/** What a check has found, in a sentence, and the command or click that mends it. */
export interface Finding {
  readonly level: Level;
  readonly text: string;
  readonly advice?: string;
}

/** Something that is looked at. */
export interface Check {
  readonly name: string;
  /** Checks of a group run one after the other, and the groups side by side. */
  readonly group: 'machine' | 'files' | 'address' | 'twilio' | 'model';
  /** Runs without a network. */
  readonly isOffline?: true;
  /** Names of checks of the same group without which this one means nothing. */
  readonly needs?: readonly string[];
  readonly msMax: number;
  readonly run: (scene: Scene) => Promise<readonly Finding[]> | readonly Finding[];
}

/** A finding under the name of its check. */
export interface CheckFinding extends Finding {
  readonly check: string;
}

export const ok = (text: string): Finding => ({ level: 'ok', text });
export const warning = (text: string, advice: string): Finding => ({ level: 'warning', text, advice });
export const wrong = (text: string, advice: string): Finding => ({ level: 'wrong', text, advice });
export const skipped = (text: string): Finding => ({ level: 'skipped', text });

/** Runs a check to its end, or for as long as it may take. What it throws is a finding, too. */
export async function runCheck({ run, msMax }: Check, scene: Scene, msLeft: number): Promise<readonly Finding[]> {
  const advice = 'Look at the network of this machine, then run the doctor again.';
  const msGiven = Math.min(msMax, msLeft);
  if (msGiven <= 0) return [wrong('was not begun, because the time was up.', advice)];
  const findings = async (): Promise<readonly Finding[]> => {
    try {
      return await run(scene);
    } catch (error) {
      return [findingOf(error)];
    }
  };
  const found = await within(findings(), msGiven);
  return found ?? [wrong(`did not finish within ${(msGiven / 1000).toFixed(1)} s.`, advice)];
}

function findingOf(error: unknown): Finding {
  if (error instanceof CheckFailure) return wrong(error.message, error.advice);
  const why = error instanceof Error ? withoutAddresses(error.message) : 'unknown';
  return wrong(`could not be checked: ${why}`, 'Run the doctor again; if that does not help, report this line.');
}
