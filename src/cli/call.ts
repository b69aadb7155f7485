import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../config/load-settings.ts';
import { mulawCodec } from '../sounds/mulaw-codec.ts';
import type { CallerScriptInput } from '../sim/caller/caller-script.ts';
import type { CallReport } from '../sim/carrier/call-report.ts';
import { placeCall } from '../sim/carrier/hosts/phone.ts';
import { readCallerAudio } from './call/audio.ts';
import { readPhoneNumber } from '../config/destinations/phone-numbers.ts';
import { timedLine } from './call/line.ts';
import { problemOf } from './call/problem.ts';
import { type CallTarget, callTarget, isListening } from './call/target.ts';
import { writeCallWav } from './call/wav.ts';
import { noteLine } from './demo/story.ts';
import { isKept } from './history/journal-place.ts';
import { type Command, shownPath, startCommand, type Terminal } from './terminal/terminal.ts';

const usage = `Usage: npm run call -- --audio caller.wav [--to +15550199] [--url http://127.0.0.1:8080]
  Places one call to a Parley that runs on this machine, tells how it goes, and keeps its sound in out/.
  --audio FILE     what the caller says: WAV, 8000 Hz, one channel, PCM16 or mu-law
  --to NUMBER      the number that is dialled, by which AGENTS_FILE chooses the agent; +15550199 unless set
  --url ADDRESS    where Parley listens on this machine; http://127.0.0.1 and PORT unless set.
                   With a path, the voice webhook of any other bridge to Twilio, such as http://127.0.0.1:7860/voice`;

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

const options = { audio: { type: 'string' }, url: { type: 'string' }, to: { type: 'string' } } as const;

interface Order {
  readonly target: CallTarget;
  /** Mu-law at 8 kHz. */
  readonly audio: Uint8Array;
  /** The number that is dialled, in E.164. */
  readonly to: string;
}

/** Calls a Parley, or another bridge, that runs on this machine and says what the file holds. Returns the exit code: 0 when the agent has answered it. */
async function main(terminal: Terminal): Promise<number> {
  const { args, env, folder, print, complain } = terminal;
  // A wrong option is told with those that there are.
  const { values } = parseArgs({ args: [...args], options });
  let order: Order;
  try {
    order = readOrder(values, env);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const { target } = order;
  if (!(await isListening(target))) {
    const start = target.startCommand === null ? '' : ` Start Parley with: ${target.startCommand}`;
    complain(`Nothing listens at ${target.origin}.${start}`);
    return 1;
  }
  const report = await call(order, print);
  if (report.streams.length > 0) {
    const path = writeCallWav(join(folder, 'out', report.callSid), report);
    print(`\nListen to it: ${shownPath(terminal, path)} (left the caller, right what the caller heard).`);
  }
  if (target.program === 'Parley' && (await isKept(env, report.callSid)))
    print(`Read what was said, and why the call ended: npm run inspect -- ${report.callSid}`);
  const problem = problemOf(report, target);
  if (problem === null) return 0;
  complain(`\n${problem}`);
  return 1;
}

function readOrder(values: Partial<Record<keyof typeof options, string>>, env: Terminal['env']): Order {
  if (values.audio === undefined) throw new RangeError(usage);
  const to = readPhoneNumber(values.to ?? '+15550199');
  if (to === null)
    throw new RangeError(`--to wants a number with its country, such as +15550199, and not "${values.to}".`);
  return {
    target: callTarget(readEnvironment(env), values.url),
    audio: readCallerAudio(values.audio, mulawCodec),
    to,
  };
}

function call({ target, audio, to }: Order, print: Terminal['print']): Promise<CallReport> {
  const startedAtMs = performance.now();
  const phone = placeCall({
    publicUrl: target.voiceUrl,
    ...(target.statusUrl !== null && { statusCallbackUrl: target.statusUrl }),
    target: target.origin,
    ...(target.authToken !== null && { authToken: target.authToken }),
    accountSid: target.accountSid,
    callSid: `CA${randomBytes(16).toString('hex')}`,
    from: '+12025550123',
    to,
    script,
    clips: new Map([['audio', audio]]),
    codec: mulawCodec,
    seed: 1,
    onNote(note) {
      const line = noteLine(note);
      if (line !== null) print(timedLine(note.atMs - startedAtMs, line));
    },
  });
  return phone.ended;
}

export const callCommand: Command = { usage, run: main };

if (import.meta.main) await startCommand(callCommand);
