import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CallEffect } from '../call/effects.ts';
import { standardAudioPath } from '../sounds/standard-audio-path.ts';
import type { CallReport } from '../sim/carrier/call-report.ts';
import { saveCall } from '../console/recording/save-call.ts';
import { usualMeans } from '../console/recording/timeline-setup.ts';
import { timedLine } from './call/line.ts';
import { runDemoCall } from './demo/call.ts';
import { DemoConversation } from './demo/conversation.ts';
import { spreadText } from './demo/spread-text.ts';
import { missing } from './demo/verdict.ts';
import { startCommand } from './terminal/terminal.ts';

const usage = `Usage: npm run demo
  Plays one phone call against a simulated Twilio and Gemini, and keeps it in out/. Takes no options.`;

/** With which tools the agent looks something up: in a file, and over HTTP. */
const lookUps = ['lookup_record', 'track_parcel'];

/** The demo: one whole phone call, told while it happens, then its figures. Exits with 1 unless all of it really happened, with 2 for an option. */
async function main(): Promise<number> {
  parseArgs({ options: {} });
  console.log('One phone call through the real webhook, the real WebSocket and the real Gemini SDK.');
  console.log('The caller is a recorded voice. Twilio and Gemini are simulated on this machine: no key, no network.\n');
  const conversation = new DemoConversation(standardAudioPath, ({ atMs, ...line }) =>
    console.log(timedLine(atMs, line)),
  );
  const effects: CallEffect[] = [];
  const { report, modelSession, folder, frameMs, clearMs } = await runDemoCall('parcel-desk', 'out', {
    onStep(event, ordered) {
      effects.push(...ordered);
      conversation.step(event, ordered);
    },
    onPlayoutStarted: (atMs) => conversation.playoutStarted(atMs),
  });

  console.log('\nFigures of this call');
  console.log(`  model message → frames sent    ${spreadText(frameMs)}`);
  console.log(`  interrupted → clear sent       ${spreadText(clearMs)}`);
  console.log(
    `  stream start → first sound     ${firstSoundMs(report).toFixed(0)} ms, of which the simulated model takes`,
  );
  console.log('                                 300 ms for the setup and 900 ms to answer');
  console.log('  end of speech → first word     as told above; the simulated model takes 600 ms to notice');
  console.log('                                 the end, 900 ms to answer, and 900 ms for a tool call');
  console.log(`\nListen to it: ${folder}/call.wav (left the caller, right what the caller heard).`);
  const page = join(folder, 'call.html');
  await saveCall(join(folder, 'call.jsonl'), 'file', page, usualMeans(null));
  console.log(`Look at it, and listen where you like: open ${page} with a browser.`);
  console.log(`Read it as a story: npm run inspect -- ${folder}`);
  console.log(`Run it again from its call log: npm run replay -- ${folder}`);

  const modelReceived = modelSession.timeline.flatMap(({ from, message }) => (from === 'client' ? [message] : []));
  const faults = [
    ...missing({ effects, notes: report.timeline, modelReceived }, lookUps),
    ...modelSession.violations.map((violation) => `Gemini's rules: ${JSON.stringify(violation)}`),
  ];
  if (faults.length === 0) {
    console.log('Both look-ups, clear and transfer happened on both sides.');
    return 0;
  }
  console.error('\nThe call did not go as it should:');
  for (const fault of faults) console.error(`  ${fault}`);
  return 1;
}

function firstSoundMs({ timeline }: CallReport): number {
  const atMs = (kind: string): number => timeline.find((note) => note.kind === kind)?.atMs ?? Number.NaN;
  return atMs('stream.firstMedia') - atMs('stream.started');
}

await startCommand({ usage, run: main });
