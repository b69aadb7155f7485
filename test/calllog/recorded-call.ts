import { placeAt } from '../call/call-scene.ts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { Call } from '../../src/call/call.ts';
import { type CallSettings, usualPatience } from '../../src/call/call-settings.ts';
import type { CallFact } from '../../src/call/events.ts';
import { CallLog, prepareLogFolder } from '../../src/calllog/call-log.ts';
import type { LogFolder } from '../../src/calllog/log-folder.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';
import { modelRules } from '../../src/gemini/models.ts';
import { LogLines } from '../log-lines.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export const callSid = 'CA0123456789abcdef0123456789abcdef';
export const streamSid = 'MZfedcba9876543210fedcba9876543210';

export const settings: CallSettings = {
  greeting: 'Welcome to Butterfield Dental.',
  apology: 'Butterfield is sorry.',
  caller: '+15557364422',
  destinations: { surgery: placeAt('+15557364411') },
  fallback: { number: '+15557364422', voicemail: null },
  callMsMax: 600_000,
  model: { first: modelRules('gemini-3.8-live').behavior, fallback: null },
  sessionMsMax: 540_000,
  bargeIn: null,
  patience: usualPatience,
  tools: {},
};

/** Files of one test are given up on when the disk takes longer than this. */
const diskMsMax = 10_000;

/** Drives a call through time, which is a number here, and has its log written as the service would. */
export class RecordedCall {
  readonly #call = new Call(settings, standardAudioPath);
  readonly #log: CallLog;
  #nowMs = 0;
  #sequence = 1;
  #streamStartMs = 0;
  #marks: string[] = [];

  constructor(folder: LogFolder, log = new LogLines()) {
    this.#log = new CallLog(folder, { callSid, agent: null, settings, fillerPhrase: null }, log.logger);
  }

  happens(...facts: readonly CallFact[]): this {
    for (const fact of facts) {
      const event = { ...fact, atMs: this.#nowMs };
      if (event.type === 'stream.started') this.#streamStartMs = this.#nowMs;
      const effects = this.#call.handle(event);
      for (const effect of effects) if (effect.type === 'stream.mark') this.#marks.push(effect.name);
      this.#log.write(event, effects);
    }
    return this;
  }

  passes(ms: number): this {
    this.#nowMs += ms;
    return this.happens({ type: 'tick' });
  }

  /** The caller speaks (a note that wavers, as a voice does) or is silent, in frames of 20 ms. */
  callerSends(ms: number, kind: 'speech' | 'silence'): this {
    for (let sent = 0; sent < ms; sent += 20) {
      this.#nowMs += 20;
      this.#sequence += 1;
      const audio = new Uint8Array(160).map((_, index) =>
        kind === 'silence' ? 0xff : ((index * 37 + this.#sequence) % 48) + (index % 16 < 8 ? 0x10 : 0x90),
      );
      const timestampMs = this.#nowMs - this.#streamStartMs;
      this.happens({ type: 'stream.media', sequence: this.#sequence, timestampMs, audio });
    }
    return this;
  }

  /** The model sends this much audio at once, and words for it. */
  agentSpeaks(ms: number, text: string): this {
    const samples = new Int16Array(ms * 24).map((_, index) => (index % 48 < 24 ? 4000 : -4000) + (index % 7));
    return this.happens(
      { type: 'model.agentTranscript', text },
      { type: 'model.audio', pcm: new Uint8Array(samples.buffer) },
    );
  }

  /** All marks that are out come back. */
  marksReturn(): this {
    return this.happens(...this.#marks.splice(0).map((name): CallFact => ({ type: 'stream.marked', name })));
  }

  /** A call from its greeting to a look-up, a barge-in, a stream that breaks, and the caller's hang-up. */
  wholeCall(): this {
    return this.happens({ type: 'call.received' })
      .passes(40)
      .happens({ type: 'stream.started', streamSid }, { type: 'model.opened' })
      .callerSends(400, 'silence')
      .agentSpeaks(600, 'Welcome to Butterfield Dental.')
      .happens({ type: 'model.generationCompleted' })
      .callerSends(600, 'silence')
      .marksReturn()
      .happens({ type: 'model.turnCompleted', reason: 'STOP' })
      .callerSends(500, 'speech')
      .callerSends(300, 'silence')
      .happens(
        { type: 'model.callerTranscript', text: 'Hello, this is Marigold ' },
        { type: 'model.callerTranscript', text: 'Thistlewood, born 1987.' },
        { type: 'model.toolCalled', calls: [{ id: 'function-call-7719', name: 'lookup_record', args: lookUp }] },
      )
      .callerSends(120, 'silence')
      .happens({
        type: 'tool.finished',
        id: 'function-call-7719',
        response: found,
        scheduling: 'whenIdle',
        leave: null,
      })
      .callerSends(400, 'silence')
      .agentSpeaks(2000, 'You have an appointment on the fourteenth of October.')
      .callerSends(700, 'speech')
      .happens({ type: 'model.interrupted' })
      .marksReturn()
      .happens({ type: 'stream.closed', code: 1006 }, { type: 'connect.ended', stream: null, callOver: false })
      .passes(300)
      .happens({ type: 'stream.started', streamSid: streamSid.replace('MZ', 'MZ0').slice(0, 34) })
      .callerSends(200, 'silence')
      .happens({ type: 'connect.ended', stream: null, callOver: true });
  }

  close(): void {
    this.#log.close();
  }
}

const lookUp = { patient: 'Marigold Thistlewood', birthYear: 1987 };
const found = { patient: 'Marigold Thistlewood', phone: '+15558675309', notes: ['fear of needles'] };

/** Writes the log of a call into a folder of the test's own, and returns the path of its lines. */
export async function recordCall(
  context: TestContext,
  drive: (call: RecordedCall) => unknown = (call) => call.wholeCall(),
): Promise<string> {
  const path = temporaryFolder(context);
  const folder = prepareLogFolder(path, new LogLines().logger);
  if (folder === null) throw new Error(`Logs cannot be kept in ${path}`);
  const call = new RecordedCall(folder);
  drive(call);
  call.close();
  await folder.settled(diskMsMax);
  const lines = readdirSync(path).find((name) => name.endsWith('.jsonl'));
  if (lines === undefined) throw new Error('The call left no log');
  return join(path, lines);
}
