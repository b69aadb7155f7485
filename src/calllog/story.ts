import type { MulawCodec } from '../audio/mulaw.ts';
import type { CallEvent, OperatorOrder } from '../call/events.ts';
import { AnswerWait } from './story/answer-wait.ts';
import { CallerVoice } from './caller-voice.ts';
import { isObject } from './event-fields.ts';
import type { RecordedEffect } from './log-format.ts';
import { noteWords } from './story/note-words.ts';
import { spanText } from './story/span-text.ts';
import { valueWords } from './story/value-words.ts';
import { outcomeText } from '../store/history/outcome-words.ts';
import type { StoryLine } from './story-line.ts';

/** The comfort sounds of a call: the fingerprint of each, and what it is, as in "with a tone". */
export type ComfortPrints = ReadonlyMap<string, string>;

/** Tool data is shown up to this length. */
const dataCharsMax = 160;

/**
 * Tells a call as a story, step by step: who says and does what, how long the caller waits, and what goes wrong. Frames, marks and
 * bills are left out. Effects are taken as they stand in a log, whatever version wrote it.
 */
export class Story {
  readonly #callerVoice: CallerVoice;
  readonly #covers: ComfortPrints;
  readonly #answerWait: AnswerWait;
  readonly #toolCalls = new Map<string, { readonly name: string; readonly startMs: number }>();
  readonly #waitsMs: number[] = [];
  readonly #toolMs: number[] = [];
  #modelAskedMs = 0;
  #streams = 0;
  #atMs = 0;
  #lines: StoryLine[] = [];

  constructor(codec: MulawCodec, covers: ComfortPrints) {
    this.#callerVoice = new CallerVoice(codec);
    this.#answerWait = new AnswerWait(this.#callerVoice);
    this.#covers = covers;
  }

  /** From the end of the caller's words to the agent's first word, for each answer. A comfort sound is no word. */
  get waitsMs(): readonly number[] {
    return this.#waitsMs;
  }

  /** How long each tool call that was answered took. */
  get toolMs(): readonly number[] {
    return this.#toolMs;
  }

  get streams(): number {
    return this.#streams;
  }

  /** Sound of the caller that never came. */
  get missingMs(): number {
    return this.#callerVoice.missingMs;
  }

  /** Takes a step and returns the lines that it adds. */
  take(event: CallEvent, effects: readonly RecordedEffect[]): readonly StoryLine[] {
    this.#lines = [];
    this.#atMs = event.atMs;
    this.#answerWait.happened(event);
    this.#takeEvent(event);
    for (const effect of effects) this.#takeEffect(effect);
    return this.#lines;
  }

  #tell(who: StoryLine['who'], text: string): void {
    this.#lines.push({ atMs: this.#atMs, who, text });
  }

  #takeEvent(event: CallEvent): void {
    switch (event.type) {
      case 'call.received':
        return this.#tell('twilio', 'asks what to do with the call');
      case 'call.restored':
        return this.#tell('parley', `takes over from a process that is gone: ${linesText(event.memory.items.length)}`);
      case 'call.completed':
        return this.#tell('twilio', 'says that the call is over');
      case 'connect.ended':
        return this.#tell('twilio', `asks what comes after the stream${goneText(event)}`);
      case 'dial.ended':
        return this.#tell(
          'twilio',
          `the dialled leg is over: ${valueWords('dialOutcome', event.outcome)}${goneText(event)}`,
        );
      case 'callee.answered':
        return this.#tell('twilio', 'the one who is called has answered');
      case 'callee.keyed':
        return this.#tell(
          'twilio',
          `the one who is called ${event.key === null ? 'presses nothing' : `presses ${event.key}`}`,
        );
      case 'record.ended':
        return this.#tell('twilio', `the message is over after ${spanText(event.durationMs)}${goneText(event)}`);
      case 'recording.stored':
        return this.#tell('twilio', `the recording of the message is ${event.status}`);
      case 'stream.started':
        return this.#streamStarted();
      case 'stream.media': {
        const gapMs = this.#callerVoice.heard(event.audio, event.timestampMs, event.atMs);
        return gapMs === 0 ? undefined : this.#tell('twilio', `${spanText(gapMs)} of the caller's sound never came`);
      }
      case 'stream.dtmf':
        return this.#tell('caller', `presses ${event.digit}`);
      case 'stream.stopped':
        return this.#tell('twilio', 'stops the stream');
      case 'stream.closed':
        return this.#tell('twilio', `the media socket is closed (${event.code})`);
      case 'telephony.updated':
        return this.#tell('twilio', 'has redirected the call');
      case 'model.opened':
        return this.#tell('model', `is ready after ${spanText(event.atMs - this.#modelAskedMs)}`);
      case 'model.interrupted':
        return this.#tell('model', 'stops, because the caller speaks');
      case 'model.closed':
        return this.#tell('model', `closes the session (${event.code}) ${event.reason}`.trim());
      case 'model.toolCancelled':
        return this.#tell('model', `cancels ${event.ids.map((id) => this.#toolName(id)).join(', ')}`);
      case 'operator.hungUp':
      case 'operator.transferred':
      case 'operator.noted':
      case 'operator.said':
        return this.#tell('parley', `is told by an operator${orderText(event)}`);
      case 'service.drained':
        return this.#tell('parley', 'has to stop: the service shuts down');
      default:
      // What else matters stands in the notes of the call.
    }
  }

  #streamStarted(): void {
    this.#streams += 1;
    this.#callerVoice.streamStarted();
    this.#tell(
      'twilio',
      this.#streams === 1 ? 'opens the stream' : `opens stream ${this.#streams}: the caller is back`,
    );
  }

  #takeEffect(effect: RecordedEffect): void {
    switch (effect.type) {
      case 'call.answer':
        return this.#tell('parley', `answers: ${documentText(effect.instruction)}`);
      case 'telephony.update':
        return this.#tell('parley', `redirects the call by REST: ${documentText(effect.instruction)}`);
      case 'stream.media':
        return this.#callerHears(effect.audio);
      case 'stream.mark':
        return this.#answerWait.markSent(String(effect.name));
      case 'stream.clear':
        return this.#answerWait.cleared();
      case 'stream.close':
        this.#answerWait.cleared();
        return this.#tell('parley', `closes the stream (${String(effect.code)})`);
      case 'model.open':
        this.#modelAskedMs = this.#atMs;
        return this.#tell('parley', 'opens the model session');
      case 'model.sendText':
        return this.#tell(
          'parley',
          `tells the model ${listOf(effect.prompts)
            .map((name) => valueWords('prompt', name))
            .join(', and ')}`,
        );
      case 'model.close':
        return this.#tell('parley', 'closes the model session');
      case 'tool.run':
        return this.#toolRuns(effect.call);
      case 'model.answerTools':
        return listOf(effect.answers).forEach((answer) => this.#toolAnswered(answer));
      case 'tool.cancel':
        return this.#tell('tool', `${this.#toolName(effect.id)} is stopped`);
      case 'transcript.add':
        return this.#tell(
          effect.speaker === 'agent' ? 'agent' : 'caller',
          `"${String(effect.text)}${effect.cut === true ? ' —" (cut short)' : '"'}`,
        );
      case 'note':
        // Marks that never came back are given up.
        if (effect.name === 'marksLost') this.#answerWait.cleared();
        if (effect.name === 'agentTakenBack') this.#answerWait.takenBack();
        return this.#note(effect);
      case 'call.end':
        return this.#tell('parley', `the call is over: ${outcomeText(String(effect.reason))}`);
      default:
    }
  }

  /** The first word of a reply says how long the caller waited for it. A comfort sound is no word. */
  #callerHears(audio: unknown): void {
    const cover = isObject(audio) ? this.#covers.get(String(audio.fingerprint)) : undefined;
    if (cover !== undefined) return this.#tell('parley', `covers the silence with ${cover}`);
    const first = this.#answerWait.spoken(this.#atMs);
    if (first === null) return;
    const { waitMs } = first;
    if (waitMs === null) return this.#tell('agent', 'begins to speak');
    this.#waitsMs.push(waitMs);
    this.#tell('agent', `answers ${spanText(waitMs)} after the caller stopped`);
  }

  #toolRuns(call: unknown): void {
    if (!isObject(call)) return;
    this.#toolCalls.set(String(call.id), { name: String(call.name), startMs: this.#atMs });
    this.#tell('tool', `${String(call.name)} ${shown(call.args)}`);
  }

  #toolAnswered(answer: unknown): void {
    if (!isObject(answer)) return;
    const call = this.#toolCalls.get(String(answer.id));
    const tookMs = this.#atMs - (call?.startMs ?? this.#atMs);
    if (call !== undefined) this.#toolMs.push(tookMs);
    this.#tell('tool', `${String(answer.name)} answers after ${spanText(tookMs)}: ${shown(answer.response)}`);
  }

  #toolName(id: unknown): string {
    return this.#toolCalls.get(String(id))?.name ?? String(id);
  }

  /** Notes hold figures only. The last one repeats what the end of the story says. */
  #note({ name, fields }: RecordedEffect): void {
    const values = isObject(fields) ? fields : {};
    if (untoldNotes.has(String(name)) || (name === 'operatorOrdered' && values.refusal === undefined)) return;
    this.#tell('parley', noteWords(String(name), values));
  }
}

/** Notes that repeat what a line of the story says. */
const untoldNotes: ReadonlySet<string> = new Set(['callEnded', 'streamStarted', 'dialEnded']);

function linesText(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}

function goneText({ callOver }: { readonly callOver: boolean }): string {
  return callOver ? '; the caller is gone' : '';
}

function orderText(order: OperatorOrder): string {
  switch (order.type) {
    case 'operator.hungUp':
      return ' to hang up';
    case 'operator.transferred':
      return ` to transfer the caller to ${order.destination}`;
    case 'operator.noted':
      return `, for the agent: "${order.text}"`;
    case 'operator.said':
      return ` what to say: "${order.text}"`;
  }
}

function documentText(instruction: unknown): string {
  if (!isObject(instruction)) return String(instruction);
  const { kind, say, target } = instruction;
  const whom = isObject(target) ? ` ${String(target.address)}` : '';
  const order = valueWords('instruction', kind) + whom;
  return typeof say === 'string' ? `say "${say}", then ${order}` : order;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length <= dataCharsMax ? text : `${text.slice(0, dataCharsMax)}…`;
}
