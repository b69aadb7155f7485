import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bandSnrDb } from '../../dev/audio/speech.ts';
import { pcm16 } from '../../dev/audio/speech-chain.ts';
import { AgentDownsampler } from '../../src/audio/resample-down.ts';
import { type DemoResult, runDemoCall } from '../../src/cli/demo/call.ts';
import { DemoConversation, type TimedLine } from '../../src/cli/demo/conversation.ts';
import { simulateCall } from '../../src/sim/run/call.ts';
import { recordedScenario } from '../../src/sim/run/scenario.ts';
import { missing } from '../../src/cli/demo/verdict.ts';
import type { CallEffect } from '../../src/call/effects.ts';
import { readLog } from '../../src/calllog/read-log.ts';
import { replay } from '../../src/calllog/replay.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';
import { mulawSilence } from '../../src/audio/mulaw.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';
import { loadAgentClips } from '../../src/sim/model/speech/agent-clips.ts';

/** The filter's delay, which is a whole number of samples at 8 kHz. */
const delayMs = 3.5;
const bytesPerMs = 8;

const outDir = mkdtempSync(join(tmpdir(), 'parley-short-call-'));
const effects: CallEffect[] = [];
const story: TimedLine[] = [];
const conversation = new DemoConversation(standardAudioPath, (line) => story.push(line));
let result: DemoResult;

// One call of a quarter of a minute through real sockets; every test below looks at the same one.
beforeAll(async () => {
  result = await runDemoCall('short-call', outDir, {
    onStep(event, ordered) {
      effects.push(...ordered);
      conversation.step(event, ordered);
    },
    onPlayoutStarted: (atMs) => conversation.playoutStarted(atMs),
  });
});
afterAll(() => rmSync(outDir, { recursive: true }));

test('the call greets, looks up, is interrupted, and ends in the transfer', () => {
  const lines = effects.flatMap((effect) => (effect.type === 'transcript.add' ? [effect] : []));
  expect(lines.map(({ speaker, cut }) => (cut ? `${speaker} (cut)` : speaker))).toEqual([
    'agent',
    'caller',
    'agent (cut)',
    'caller',
    'agent',
  ]);
  expect(effects.flatMap((effect) => (effect.type === 'tool.run' ? [effect.call.name] : []))).toEqual([
    'lookup_record',
    'transfer_call',
  ]);
  const { report, modelSession } = result;
  expect(report.timeline.filter(({ kind }) => kind === 'stream.cleared')).toHaveLength(1);
  expect(report.timeline.find((note) => note.kind === 'dial.ended')).toMatchObject({
    to: '+12025550100',
    bridged: true,
  });
  expect(report.timeline.filter(({ kind }) => kind === 'problem')).toEqual([]);
  expect(modelSession.violations).toEqual([]);
});

test('the story tells each turn with its time, and how long the caller waited after each turn', () => {
  const spoken = story.filter(({ text }) => /^\d+\.\d to \d+\.\d s {2}"/.test(text));
  expect(spoken.map(({ who }) => who)).toEqual(['agent', 'caller', 'agent', 'caller', 'agent']);
  const waits = story.flatMap(({ text }) => /^waited (\d+) ms/.exec(text)?.[1] ?? []).map(Number);
  expect(waits).toHaveLength(2);
  // The model takes 600 ms to notice the end of speech, 500 ms to call the tool, and 500 ms to begin its answer.
  for (const waitMs of waits) expect(waitMs).toBeGreaterThan(1500);
  for (const waitMs of waits) expect(waitMs).toBeLessThan(3500);
  const { report, modelSession } = result;
  const modelReceived = modelSession.timeline.flatMap(({ from, message }) => (from === 'client' ? [message] : []));
  expect(missing({ effects, notes: report.timeline, modelReceived }, ['lookup_record'])).toEqual([]);
});

test.each(['sorry-repeat', 'one-moment-person'])('the caller hears the clip "%s" as G.711 carries it', (name) => {
  const { pcm, line } = clip(name);
  // A busy machine delivers late, and the caller then hears silence in the middle of a clip.
  expect(withoutSilence(result.report.heard).includes(withoutSilence(line))).toBe(true);
  const samples = Array.from(line, (code) => mulawCodec.decode[code] ?? 0);
  const original = { samples: pcm16(pcm), sampleRateHz: 24_000, delayMs: 0 };
  expect(bandSnrDb(original, { samples, sampleRateHz: 8000, delayMs })).toBeGreaterThan(30);
});

test('no border of a frame, a chunk or a reply is a step that the clean clips do not have', () => {
  const { heard } = result.report;
  const steepest = Math.max(
    ...['sorry-repeat', 'order-status', 'one-moment-person'].flatMap((name) => stepsOf(clip(name).line)),
  );
  const clicks = stepsOf(heard).flatMap((step, index) => (step > steepest ? [index + 1] : []));
  // A barge-in may end the agent's voice in the middle of a wave: that step, and no other, may be steeper.
  expect(clicks.filter((atByte) => atByte !== cutByte())).toEqual([]);
});

test('an interrupted reply is the clean clip up to the cut, and silence from the clear on', () => {
  const { heard, timeline, streams } = result.report;
  const cleared = timeline.find(({ kind }) => kind === 'stream.cleared');
  const clearMs = (cleared?.atMs ?? Number.NaN) - (streams[0]?.startedAtMs ?? Number.NaN);
  // The cut is where the clear was; whatever came before is the clip to the last bit, so no border of a chunk can be heard.
  expect(cutByte() / bytesPerMs).toBeGreaterThan(clearMs - 40);
  expect(cutByte() / bytesPerMs).toBeLessThan(clearMs + 40);
  const after = heard.subarray(Math.ceil((clearMs + 40) * bytesPerMs), Math.ceil((clearMs + 540) * bytesPerMs));
  expect(after.every((code) => code === 0xff)).toBe(true);
});

test('its call log can be read by us alone, and replays to the last bit', () => {
  const { folder, report } = result;
  expect(folder).toBe(join(outDir, report.callSid));
  expect(readdirSync(folder).toSorted()).toEqual(['call.audio', 'call.jsonl', 'call.wav']);
  const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
  expect(new Set(modes)).toEqual(new Set([0o600]));
  const record = readLog(readFileSync(join(folder, 'call.jsonl'), 'utf8'), readFileSync(join(folder, 'call.audio')));
  const { steps, divergence, broken } = replay(record, standardAudioPath);
  expect({ divergence, broken }).toEqual({ divergence: null, broken: [] });
  expect(steps).toBeGreaterThan(500);
});

test('in virtual time the same scenario gives the same call', () => {
  const simulated: CallEffect[] = [];
  const { broken, endReason } = simulateCall(recordedScenario('short-call'), {
    observer: { onStep: (_atMs, _event, ordered) => void simulated.push(...ordered) },
  });
  expect({ broken, endReason }).toEqual({ broken: [], endReason: 'transferred' });
  expect(turnsOf(simulated)).toEqual(turnsOf(effects));
  const [virtualMs, realMs] = [heardMs(simulated), heardMs(effects)];
  expect(virtualMs).toHaveLength(1);
  expect(realMs).toHaveLength(1);
  expect(Math.abs((virtualMs[0] ?? NaN) - (realMs[0] ?? NaN))).toBeLessThan(200);
});

/** What was said by whom, which tools ran, and where the agent was cut off, in order. */
function turnsOf(ordered: readonly CallEffect[]): string[] {
  return ordered.flatMap((effect) => {
    if (effect.type === 'transcript.add') return [`${effect.speaker}: ${effect.cut ? 'cut' : effect.text}`];
    if (effect.type === 'tool.run') return [`${effect.call.name} ${JSON.stringify(effect.call.args)}`];
    return effect.type === 'stream.clear' ? ['clear'] : [];
  });
}

/** How much of each interrupted reply was heard. */
function heardMs(ordered: readonly CallEffect[]): number[] {
  return ordered.flatMap((effect) =>
    effect.type === 'note' && effect.name === 'bargeIn' ? [Number(effect.fields.heardMs)] : [],
  );
}

/** A clip as the model has it, and as the telephone line carries it. */
function clip(name: string): { pcm: Uint8Array; line: Uint8Array } {
  const pcm = loadAgentClips().get(name)?.pcm ?? new Uint8Array();
  const downsampler = new AgentDownsampler(mulawCodec);
  return { pcm, line: Buffer.concat([downsampler.push(pcm), downsampler.flush()]) };
}

/** Where the interrupted reply stops being its clip. */
function cutByte(): number {
  const { heard } = result.report;
  const { line } = clip('order-status');
  const startByte = Buffer.from(heard).indexOf(line.subarray(0, bytesPerMs * 500));
  return startByte + heard.subarray(startByte).findIndex((byte, index) => byte !== line[index]);
}

/** The steps from sample to sample of a sound in mu-law. */
function stepsOf(codes: Uint8Array): number[] {
  const sampleAt = (index: number): number => mulawCodec.decode[codes[index] ?? 0xff] ?? 0;
  return Array.from({ length: codes.length - 1 }, (_, index) => Math.abs(sampleAt(index + 1) - sampleAt(index)));
}

function withoutSilence(mulaw: Uint8Array): Buffer {
  return Buffer.from(mulaw.filter((code) => code !== mulawSilence));
}
