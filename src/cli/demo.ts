import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { writeWav } from '../audio/wav.ts';
import { mulawCodec } from '../shell/mulaw-codec.ts';
import type { CallReport } from '../sim/carrier/call-report.ts';
import { runDemoCall } from './demo-call.ts';
import { effectLine, noteLine, type StoryLine } from './demo-story.ts';

const recordDir = 'recordings';

/** The demo: one whole phone call, told while it happens, then its figures. Exits with 1 when the call did not end in the transfer. */
async function main(): Promise<void> {
  console.log('One phone call through the real webhook, the real WebSocket and the real Gemini SDK.');
  console.log('The caller is a recorded voice. Twilio and Gemini are simulated on this machine: no key, no network.\n');
  const startedAtMs = performance.now();
  const print = (line: StoryLine | null): void => {
    if (line === null) return;
    const time = `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`.padStart(7);
    console.log(`${time}  ${styleText(colours[line.who], line.who.padEnd(6))}  ${line.text}`);
  };
  const { report, modelSession, frameMs, clearMs } = await runDemoCall('order-desk', recordDir, {
    onNote: (note) => print(noteLine(note)),
    onStep: (_event, effects) => effects.forEach((effect) => print(effectLine(effect))),
  });

  const wavPath = join(recordDir, `demo-${report.callSid}.wav`);
  writeFileSync(wavPath, stereoWav(report), { mode: 0o600 });
  console.log('\nFigures of this call');
  console.log(`  model message → frames sent    ${spread(frameMs)}`);
  console.log(`  interrupted → clear sent       ${spread(clearMs)}`);
  console.log(
    `  stream start → first sound     ${firstSoundMs(report).toFixed(0)} ms, of which the simulated model takes`,
  );
  console.log('                                 300 ms for the setup and 900 ms to answer');
  console.log(`\nListen to it: ${wavPath} (left the caller, right what the caller heard).`);
  console.log(`Beside it lies the call log, with which the call can be replayed.`);

  const transferred = report.timeline.some((note) => note.kind === 'dial.ended' && note.bridged);
  if (transferred && modelSession.violations.length === 0) return;
  console.error('\nThe call did not go as it should.', modelSession.violations);
  process.exitCode = 1;
}

const colours = {
  phone: 'gray',
  twilio: 'gray',
  caller: 'cyan',
  agent: 'green',
  tool: 'yellow',
  parley: 'magenta',
} as const satisfies Record<StoryLine['who'], string>;

/** Left what the caller said, right what the caller heard, on one time axis. */
function stereoWav({ said, heard }: CallReport): Uint8Array {
  const samples = new Int16Array(2 * Math.max(said.length, heard.length));
  said.forEach((code, index) => (samples[2 * index] = mulawCodec.decode[code] ?? 0));
  heard.forEach((code, index) => (samples[2 * index + 1] = mulawCodec.decode[code] ?? 0));
  return writeWav({ sampleRateHz: 8000, channels: 2, samples });
}

function spread(valuesMs: readonly number[]): string {
  const sorted = valuesMs.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(2);
  return `p50 ${at(0.5)} ms   p95 ${at(0.95)} ms   (${sorted.length} times)`;
}

function firstSoundMs({ timeline }: CallReport): number {
  const atMs = (kind: string): number => timeline.find((note) => note.kind === kind)?.atMs ?? Number.NaN;
  return atMs('stream.firstMedia') - atMs('stream.started');
}

await main();
