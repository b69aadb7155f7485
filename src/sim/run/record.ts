import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filterVersion } from '../../audio/filters.ts';
import { type LogHeader, logVersion, stepLine } from '../../calllog/log-format.ts';
import type { WorldObserver } from '../world/world-parts.ts';
import type { WorldScenario } from '../scenario/world-scenario.ts';
import { simulateCall, type SimulatedCall } from './call.ts';

/** A simulated call as a call log: the two files of one. */
export interface Recording {
  readonly call: SimulatedCall;
  readonly lines: string;
  readonly audio: Uint8Array;
}

/**
 * Plays a scenario and records it in the format of a call log. Sound that is stored already, be it as a part of another, is not stored
 * again. When the service is killed, the log is that of the last one that has the call: it begins with `call.restored`.
 */
export function recordScenario(scenario: WorldScenario): Recording {
  const header: LogHeader = {
    format: 'parley-call-log',
    version: logVersion,
    callSid: `CA${'0'.repeat(32)}`,
    startedAt: '2026-01-01T00:00:00.000Z',
    filters: filterVersion,
    settings: scenario.settings,
    why: scenario.why,
  };
  const lines = [JSON.stringify(header)];
  let stored = Buffer.alloc(0);
  const offsets = new Map<string, number>();
  const store = (audio: Uint8Array): number => {
    const key = Buffer.from(audio).toString('latin1');
    let at = offsets.get(key) ?? stored.indexOf(audio);
    if (at < 0) {
      at = stored.length;
      stored = Buffer.concat([stored, audio]);
    }
    offsets.set(key, at);
    return at;
  };
  const observer: Pick<WorldObserver, 'onStep'> = {
    onStep(_atMs, event, effects) {
      if (event.type === 'call.restored') {
        lines.length = 1;
        stored = Buffer.alloc(0);
        offsets.clear();
      }
      lines.push(stepLine(event, effects, store));
    },
  };
  const call = simulateCall(scenario, { observer });
  return { call, lines: `${lines.join('\n')}\n`, audio: stored };
}

/** Writes a recording as `call.jsonl` and `call.audio`. Makes the folder. */
export function saveRecording(folder: string, { lines, audio }: Recording): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'call.jsonl'), lines);
  writeFileSync(join(folder, 'call.audio'), audio);
}
