import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Config } from '../config/config.ts';
import { loadSettings } from '../config/load-settings.ts';
import { mulawCodec } from '../sounds/mulaw-codec.ts';
import { paths } from '../twilio/paths.ts';
import type { CallerScriptInput } from '../sim/caller/caller-script.ts';
import type { CallReport } from '../sim/carrier/call-report.ts';
import { placeCall } from '../sim/carrier/hosts/phone.ts';
import { readCallerAudio } from './call/audio.ts';
import { printLine } from './call/line.ts';
import { type CallTarget, callTarget, isListening } from './call/target.ts';
import { writeCallWav } from './call/wav.ts';
import { noteLine } from './demo/story.ts';
import { helpIfAsked } from './help.ts';

const usage = `Usage: npm run call -- --audio caller.wav [--url http://127.0.0.1:8080]
  --audio FILE     what the caller says: WAV, 8000 Hz, one channel, PCM16 or mu-law
  --url ADDRESS    where Parley listens on this machine; http://127.0.0.1 and PORT unless set`;

/** The agent may think or look something up between two sentences; a longer silence ends its answer. */
const answerQuietMs = 2_000;

/** Nobody listens longer to one answer. */
const answerMsMax = 60_000;

const script: CallerScriptInput = {
  steps: [
    { waitFor: 'agentSpeaking' },
    { waitFor: 'agentQuiet', ms: 600 },
    { say: 'audio' },
    { waitFor: 'agentSpeaking' },
    { waitFor: 'agentQuiet', ms: answerQuietMs, withinMs: answerMsMax },
    { hangUp: true },
  ],
};

interface Order {
  readonly config: Config;
  readonly target: CallTarget;
  /** Mu-law at 8 kHz. */
  readonly audio: Uint8Array;
}

/** Calls a Parley that runs on this machine and says what the file holds. Returns the exit code: 0 when the agent has answered it. */
async function main(): Promise<number> {
  let order: Order;
  try {
    order = readOrder();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
  const { target } = order;
  if (!(await isListening(target))) {
    console.error(`Nothing listens at ${target.origin}. Start Parley with: npm start`);
    return 1;
  }
  const report = await call(order);
  if (report.streams.length > 0) {
    const path = writeCallWav(join('out', report.callSid), report);
    console.log(`\nListen to it: ${path} (left the caller, right what the caller heard).`);
  }
  const problem = problemOf(report);
  if (problem === null) return 0;
  console.error(`\n${problem}`);
  return 1;
}

function readOrder(): Order {
  const { values } = parseArgs({ options: { audio: { type: 'string' }, url: { type: 'string' } } });
  if (values.audio === undefined) throw new RangeError(usage);
  const config = loadSettings(process.env);
  return { config, target: callTarget(config, values.url), audio: readCallerAudio(values.audio, mulawCodec) };
}

function call({ config: { twilio }, target, audio }: Order): Promise<CallReport> {
  const startedAtMs = performance.now();
  const phone = placeCall({
    publicUrl: target.publicOrigin + paths.voice,
    statusCallbackUrl: target.publicOrigin + paths.status,
    target: target.origin,
    ...(twilio.authToken === null ? {} : { authToken: twilio.authToken }),
    accountSid: twilio.accountSid ?? `AC${'0'.repeat(32)}`,
    callSid: `CA${randomBytes(16).toString('hex')}`,
    from: '+15550123',
    to: '+15550199',
    script,
    clips: new Map([['audio', audio]]),
    codec: mulawCodec,
    seed: 1,
    onNote(note) {
      const line = noteLine(note);
      if (line !== null) printLine(note.atMs - startedAtMs, line);
    },
  });
  return phone.ended;
}

/** Why the caller got no answer, in one line. */
function problemOf({ timeline, streams, endReason }: CallReport): string | null {
  const refused = timeline.some(
    (note) => note.kind === 'webhook.failed' && note.purpose === 'voice' && note.detail.includes('status 403'),
  );
  if (refused)
    return 'Parley did not take the signature: run this with the PUBLIC_URL and TWILIO_AUTH_TOKEN it runs with.';
  if (endReason === 'rejected')
    return 'Parley refused the call with the busy tone: it is full or draining. Its log says which.';
  const instead = timeline.find(({ kind }) => kind === 'verb.say' || kind === 'dial.started');
  // Without an apology before it, this is how a call is refused.
  if (streams.length === 0 && instead?.kind === 'dial.started')
    return 'Parley refused the call and had FALLBACK_DESTINATION dialled: it is full or draining. Its log says which.';
  // Twilio's own voice speaks only when the agent cannot.
  if (timeline.some(({ kind }) => kind === 'verb.say')) return 'Parley apologised: its log says why.';
  if (streams.length === 0)
    return 'The media stream did not start. Run this with the PUBLIC_URL that Parley runs with; the log of Parley says more.';
  if (endReason === 'applicationError') return 'Parley went away during the call.';
  if (timeline.some(({ kind }) => kind === 'caller.gaveUpWaiting')) return 'The agent did not answer in time.';
  return null;
}

helpIfAsked(usage);
process.exitCode = await main();
