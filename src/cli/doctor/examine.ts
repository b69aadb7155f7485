import type { Config } from '../../config/config.ts';
import { type Check, type CheckFinding, type Level, runCheck, skipped } from './check.ts';
import { Scene, type Surroundings } from './scene.ts';

/** Nobody waits longer. Whatever has not finished by then is named. */
const examinationMsMax = 55_000;

/** Goes through the checks, its findings in the order of the checks, each told as soon as those before it are. */
export async function examine(
  checks: readonly Check[],
  config: Config,
  world: Surroundings,
  tell: (finding: CheckFinding) => void,
): Promise<void> {
  const scene = new Scene(config, world);
  const endsAtMs = performance.now() + (world.msMax ?? examinationMsMax);
  const running = new Map<string, Promise<readonly CheckFinding[]>>();
  const last = new Map<Check['group'], Promise<unknown>>();
  for (const check of checks) {
    const before = last.get(check.group);
    const needed = (check.needs ?? []).flatMap((name) => running.get(name) ?? []);
    const run = async (): Promise<readonly CheckFinding[]> => {
      await before;
      const found = (await Promise.all(needed)).flat();
      const missing = found.find(({ level }) => stops(level));
      const findings =
        missing === undefined
          ? await runCheck(check, scene, endsAtMs - performance.now())
          : [skipped(`not checked, because of: ${missing.check}.`)];
      return findings.map((finding) => ({ check: check.name, ...finding }));
    };
    const ran = run();
    running.set(check.name, ran);
    last.set(check.group, ran);
  }
  for (const ran of running.values()) for (const finding of await ran) tell(finding);
  await scene.close();
}

function stops(level: Level): boolean {
  return level === 'wrong' || level === 'skipped';
}
