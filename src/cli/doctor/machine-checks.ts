import type { Config } from '../../config/config.ts';
import { type Check, type Finding, ok, skipped, warning, wrong } from './check.ts';
import { ask } from './network.ts';
import type { Scene } from './scene.ts';

/** A sign-in at Google and a certificate bear some minutes; lines of a log are compared by the second. */
const skewMsMax = 5 * 60_000;
const skewMsUsual = 30_000;

export const machineChecks: readonly Check[] = [{ name: 'clock', group: 'machine', msMax: 10_000, run: compareClocks }];

async function compareClocks({ config, world }: Scene): Promise<Finding[]> {
  const askedAtMs = world.unixMs();
  const answer = await ask(clockUrl(config), { method: 'HEAD' });
  if ('failure' in answer) return [skipped('nobody answered who could tell the time.')];
  const theirMs = Date.parse(answer.date ?? '');
  if (Number.isNaN(theirMs)) return [skipped('the answer did not tell the time.')];
  // The header has whole seconds, and took some time to come.
  const skewMs = (askedAtMs + world.unixMs()) / 2 - (theirMs + 500);
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const text = `the clock of this machine is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}.`;
  const advice =
    'Let the machine set its clock: sudo timedatectl set-ntp true (Linux), or System Settings, Date & Time (macOS).';
  if (Math.abs(skewMs) > skewMsMax) return [wrong(`${text} Sign-ins and certificates fail.`, advice)];
  return Math.abs(skewMs) > skewMsUsual ? [warning(text, advice)] : [ok('it is right.')];
}

function clockUrl({ gemini: { baseUrl } }: Config): string {
  return baseUrl ?? 'https://generativelanguage.googleapis.com/';
}
