import { readdirSync, readFileSync } from 'node:fs';
import { readLog, type RecordedCall } from '../../../src/calllog/read-log.ts';
import { replay } from '../../../src/calllog/replay.ts';
import { scrub } from '../../../src/calllog/scrub/scrub.ts';
import { Story } from '../../../src/calllog/story.ts';
import { ParleyError } from '../../../src/errors.ts';
import { parseJson } from '../../../src/encoding/json.ts';
import { sounds } from '../../../src/sim/run/seed.ts';
import { parseWorldScenario } from '../../../src/sim/scenario/world-scenario.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';
import { FuzzFinding, type FuzzKind } from '../fuzz-kind.ts';

const recordedCalls = new URL('../../../fixtures/calls/', import.meta.url);

/** Between them they have nearly every event and effect. */
const logsOfBases = ['barge-in', 'transfer-busy', 'lookup', 'barge-in-alone'];

const audio = new Uint8Array(64 * 1024);

/** Lines of call logs. Whatever a log says, it is refused with its line, or can be replayed, told and scrubbed. */
export const callLogs: FuzzKind = {
  name: 'lines of call logs',
  share: 0.04,
  bases: logLines(),
  trialInputsMax: 24,
  trial(texts) {
    const lines = texts.map((text) => text.replaceAll('\n', ' '));
    const header = lines.find((line) => line.includes('parley-call-log')) ?? logLines()[0] ?? '';
    const steps = lines.filter((line) => line !== header);
    const record = logOf([header, ...steps]);
    if (record === null) return;
    replay(record, standardAudioPath);
    const story = new Story(mulawCodec, new Map());
    for (const { event, effects } of record.steps) story.take(event, effects);
    scrub(record, { why: 'It is fuzzed.', keepsAudio: false, untilMs: Infinity }, standardAudioPath);
  },
};

/** Scenarios of simulated calls: each is refused in words that name its places, or read. */
export const scenarios: FuzzKind = {
  name: 'scenarios',
  share: 0.01,
  bases: readdirSync(recordedCalls)
    .filter((name) => !name.endsWith('.md'))
    .slice(0, 30)
    .map((name) => readFileSync(new URL(`${name}/scenario.json`, recordedCalls), 'utf8')),
  trialInputsMax: 8,
  trial(texts) {
    for (const text of texts) {
      try {
        parseWorldScenario(parseJson(text), sounds);
      } catch (error) {
        const isOfWords = error instanceof Error && /(?:Scenario|Script)Error$/.test(error.name);
        if (!isOfWords) throw error;
        if (error.message === '') throw new FuzzFinding('A scenario was refused without a word.');
      }
    }
  },
};

function logOf(lines: readonly string[]): RecordedCall | null {
  try {
    return readLog(`${lines.join('\n')}\n`, audio);
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'log.invalid') return null;
    throw error;
  }
}

/** A line for each type of event, and the headers. */
function logLines(): string[] {
  const byType = new Map<string, string>();
  for (const name of logsOfBases) {
    for (const line of readFileSync(new URL(`${name}/call.jsonl`, recordedCalls), 'utf8')
      .trimEnd()
      .split('\n')) {
      byType.set(/"type":"([\w.]+)"/.exec(line)?.[1] ?? 'header', line);
    }
  }
  return [...byType.values()];
}
