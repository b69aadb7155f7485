import { setTimeout as delay } from 'node:timers/promises';
import type { StruckProcess } from './ground/struck-process.ts';
import type { OwnPostgres } from './ground/own-postgres.ts';
import type { StrikeFacts } from './judge/round-facts.ts';
import { faultRules } from './faults.ts';
import type { PlannedStrike } from './schedule.ts';

/** Whom faults befall. */
export interface Struck {
  readonly members: readonly StruckProcess[];
  readonly postgres: OwnPostgres;
}

/** Has a fault befall the fleet. Resolves when it is over and all processes listen again. */
export async function strike(planned: PlannedStrike, { members, postgres }: Struck): Promise<StrikeFacts> {
  const { fault, lastsMs, delayMs, process } = planned;
  const member = members[process];
  if (member === undefined) throw new RangeError(`There is no process ${process}.`);
  const atMs = Date.now();
  const after = (untilMs: number): StrikeFacts => ({
    fault,
    instance: faultRules[fault].strikes === 'process' ? member.instance : null,
    atMs,
    untilMs,
  });
  switch (fault) {
    case 'kill':
      await member.kill();
      await delay(lastsMs);
      await member.start();
      // Its calls have to go on while it is away.
      return after(atMs + lastsMs);
    case 'stop':
      member.freeze();
      await delay(lastsMs);
      member.thaw();
      return after(Date.now());
    case 'deploy': {
      await member.end();
      const endedMs = Date.now();
      await member.start();
      return after(endedMs);
    }
    case 'oneCut':
      await cutOff([member], lastsMs);
      return after(Date.now());
    case 'databaseRestart':
    case 'databaseCrash': {
      await postgres.stop(fault === 'databaseCrash' ? 'immediate' : 'fast');
      await delay(lastsMs);
      await postgres.start();
      return after(Date.now());
    }
    case 'databaseCut':
      await cutOff(members, lastsMs);
      return after(Date.now());
    case 'databaseHeld':
      for (const { way } of members) way.hold();
      await delay(lastsMs);
      for (const { way } of members) way.resume();
      return after(Date.now());
    case 'databaseSlow':
      for (const { way } of members) way.delayMs = delayMs;
      await delay(lastsMs);
      for (const { way } of members) way.delayMs = 0;
      return after(Date.now());
  }
}

async function cutOff(members: readonly StruckProcess[], lastsMs: number): Promise<void> {
  await Promise.all(members.map(({ way }) => way.stop()));
  await delay(lastsMs);
  await Promise.all(members.map(({ way }) => way.listen()));
}
