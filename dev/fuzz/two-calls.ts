import { callSid, otherCall, ServiceBench, tokenIn } from '../../test/host/service-bench.ts';
import { encodeBase64 } from '../../src/encoding/base64.ts';
import { FuzzFinding } from './fuzz-kind.ts';

/** How often the call beside says and hears something. */
const beats = 12;

/** Time between two inputs: that of one frame. */
const beatMs = 20;

/** Time after the last input in which its consequences come. */
const afterMs = 400;

/** Rings when all is over. */
const newCall = `CA${'a'.repeat(32)}`;

const callerFrame = encodeBase64(new Uint8Array(160).map((_, at) => (at % 8 < 4 ? 0x20 : 0xa0)));
const agentChunk = encodeBase64(new Uint8Array(960).map((_, at) => (at % 2 === 0 ? at % 251 : at % 16)));

/** The one call, the other beside it, and the service that hosts both in virtual time. */
export type Attacked = ReturnType<typeof twoCalls>;

let undisturbed: string | null = null;

/**
 * Runs a service with two calls, one of which gets the inputs, `put` one at a time. Throws a FuzzFinding when the service logged an error,
 * when the other call went on otherwise than it does without inputs, or when a new caller gets no TwiML afterwards.
 */
export function attack(inputs: readonly string[], put: (calls: Attacked, text: string) => void): void {
  undisturbed ??= courseOf([], () => {});
  if (courseOf(inputs, put) !== undisturbed) throw new FuzzFinding('The call beside went on otherwise.');
}

/** What the call beside got, from both of its remotes' views. */
function courseOf(inputs: readonly string[], put: (calls: Attacked, text: string) => void): string {
  const calls = twoCalls();
  const { bench, beside } = calls;
  for (let beat = 0; beat < Math.max(beats, inputs.length); beat += 1) {
    const text = inputs[beat];
    if (text !== undefined) put(calls, text);
    if (beat < beats) {
      const counter = String(beat + 1);
      const media = { track: 'inbound', chunk: counter, timestamp: String(beat * beatMs), payload: callerFrame };
      bench.says(beside.stream, { event: 'media', sequenceNumber: String(beat + 2), media });
      const inlineData = { mimeType: 'audio/pcm;rate=24000', data: agentChunk };
      bench.modelSays(beside.session, { serverContent: { modelTurn: { parts: [{ inlineData }] } } });
      bench.passes(beatMs);
    }
  }
  const course = JSON.stringify([beside.stream.received, beside.session.received]);
  bench.passes(afterMs);
  const answer = bench.asks('voice', { CallSid: newCall, CallStatus: 'ringing' });
  if (!answer.startsWith('<?xml')) throw new FuzzFinding(`A new caller got ${answer}.`);
  for (const line of bench.log.all) {
    if (line.level === 'error') throw new FuzzFinding(`The service logged ${JSON.stringify(line)}`);
  }
  const isOpen = beside.stream.closeCode === null && !beside.stream.isCut && !beside.session.isClosed;
  if (!isOpen) throw new FuzzFinding('The call beside has lost its stream or its session.');
  return course;
}

/** Two calls that talk, in a service of their own. The inputs go to `attacked`. */
function twoCalls() {
  const bench = new ServiceBench({ callsMax: 4, latency: () => 0 });
  const beside = bench.talks(otherCall);
  const attacked = bench.talks(callSid);
  return { bench, beside, attacked };
}

/** Rings once more as another caller, and returns the token of the stream. */
export function ringsAgain({ bench }: Attacked, ofCall: string): string {
  return tokenIn(bench.asks('voice', { CallSid: ofCall, CallStatus: 'ringing' }));
}
