import type { ComfortSounds } from '../../audio/audio-path.ts';
import { mulawBytesPerMs, type MulawCodec } from '../../audio/mulaw.ts';
import type { CallEvent } from '../../call/events.ts';
import { type PriceTable, tokenCount, UsageSum } from '../../call/usage.ts';
import { shortText } from '../../encoding/short-text.ts';
import { isObject } from '../event-fields.ts';
import type { LogHeader, RecordedEffect } from '../log-format.ts';
import type { RecordedStep, SoundBytes } from '../read-log.ts';
import { type ComfortPrints, Story } from '../story.ts';
import type { StoryLine } from '../story-line.ts';
import { AgentSound } from './agent-sound.ts';
import { CallerLane } from './caller-lane.ts';
import type {
  CallSound,
  RecordedTimeline,
  Caption,
  EventKind,
  TimelineEvent,
  UsagePoint,
  WaitSpan,
} from './recorded-timeline.ts';
import { faultText, kindOfEffect, kindOfEvent } from './event-kinds.ts';
import { HeardLane } from './heard-lane.ts';
import { Salvage } from './salvage.ts';
import { SpeechSince } from './speech-since.ts';
import { speechSpans } from './speech-spans.ts';
import { TimelineBars } from './timeline-bars.ts';

/** Longer than the longest call (MAX_CALL_SECONDS) with a transfer behind it. A lane of sound takes 29 MB an hour. */
const callMsMax = 6 * 3_600_000;

/** A call of four hours has some 10,000 lines in its story. */
const itemsMax = 20_000;

/** Enough to read; what a tool answered may be far longer. */
const textCharsMax = 2_000;

/** The lines of a log that are shown, all together. */
const logCharsMax = 8_000_000;

/** What the log of a call does not hold and its timeline needs. */
export interface TimelineSetup {
  readonly codec: MulawCodec;
  readonly prices: PriceTable;
  /** The model whose prices hold where a log names none. */
  readonly model: string;
  /** The comfort sounds that a call had, by its header. */
  readonly comfortOf: (header: LogHeader | null) => { readonly sounds: ComfortSounds; readonly prints: ComfortPrints };
}

/** A call log that is read from anywhere: its lines, and whether the last of them is whole. */
export interface LogSource {
  readonly lines: Iterable<string>;
  readonly isWhole: () => boolean;
  /** Null when there is no audio file. */
  readonly audio: SoundBytes | null;
}

/** Makes the timeline of a call and its sound. What cannot be read is left out, and said in `missing`. */
export function buildTimeline(log: LogSource, setup: TimelineSetup): { timeline: RecordedTimeline; sound: CallSound } {
  const salvage = new Salvage(log.audio, callMsMax);
  let builder: TimelineBuilder | null = null;
  for (const source of log.lines) {
    const step = salvage.take(source);
    if (step === null) continue;
    builder ??= new TimelineBuilder(salvage.header, setup);
    builder.take(step, source);
  }
  builder ??= new TimelineBuilder(salvage.header, setup);
  salvage.end(log.isWhole(), builder.endReason !== null);
  const { timeline, sound } = builder.finish(salvage.missing);
  return { timeline, sound: log.audio === null ? noSound : sound };
}

const noSound: CallSound = { caller: new Uint8Array(), heard: new Uint8Array(), cleared: new Uint8Array() };

class TimelineBuilder {
  readonly #header: LogHeader | null;
  readonly #setup: TimelineSetup;
  readonly #story: Story;
  readonly #agentSound: AgentSound;
  readonly #callerLane = new CallerLane(callMsMax);
  readonly #heardLane = new HeardLane(callMsMax);
  readonly #callerSpeech: SpeechSince;
  readonly #bars = new TimelineBars(itemsMax);
  readonly #usageSum = new UsageSum();
  readonly #captions: Caption[] = [];
  readonly #waits: WaitSpan[] = [];
  readonly #events: TimelineEvent[] = [];
  readonly #usage: UsagePoint[] = [];
  readonly #logLines: Record<number, string> = {};
  #logChars = 0;
  #linesAreLeftOut = false;
  #eventsAreLeftOut = false;
  #endReason: string | null = null;
  #atMs = 0;
  #line = 0;

  constructor(header: LogHeader | null, setup: TimelineSetup) {
    const { sounds, prints } = setup.comfortOf(header);
    this.#header = header;
    this.#setup = setup;
    this.#story = new Story(setup.codec, prints);
    this.#agentSound = new AgentSound(setup.codec, sounds, header?.fillerPhrase ?? null);
    this.#callerSpeech = new SpeechSince(setup.codec);
  }

  get endReason(): string | null {
    return this.#endReason;
  }

  take({ line, event, effects }: RecordedStep, source: string): void {
    this.#atMs = event.atMs;
    this.#line = line;
    const told = this.#events.length + this.#captions.length + this.#usage.length;
    this.#tell(this.#story.take(event, []), kindOfEvent(event));
    this.#takeEvent(event);
    const chunks = this.#agentSound.take(event, effects);
    let sent = 0;
    for (const effect of effects) {
      if (effect.type === 'stream.media' && isObject(effect.audio)) this.#send(chunks[sent++]);
      else this.#takeEffect(effect);
      this.#bars.takeEffect(effect, this.#atMs, line);
      this.#retell(effect);
    }
    if (this.#events.length + this.#captions.length + this.#usage.length > told) this.#keep(source);
  }

  finish(missing: readonly string[]): { timeline: RecordedTimeline; sound: CallSound } {
    this.#heardLane.end();
    const { heard, cleared } = this.#heardLane;
    const caller = this.#callerLane.sound;
    const soundMs = Math.max(heard.length, caller.length) / mulawBytesPerMs;
    const durationMs = Math.max(this.#atMs, soundMs);
    const { codec } = this.#setup;
    const timeline: RecordedTimeline = {
      callSid: this.#header?.callSid ?? '',
      startedAt: this.#header?.startedAt ?? null,
      why: this.#header?.why ?? null,
      durationMs,
      agentMs: this.#heardLane.tallyMs,
      endReason: this.#endReason,
      missing: [...missing, ...this.#leftOut()],
      speech: { caller: speechSpans(caller, codec, itemsMax), agent: speechSpans(heard, codec, itemsMax) },
      captions: this.#captions,
      waits: this.#waits,
      bars: this.#bars.end(this.#atMs),
      events: this.#events,
      usage: this.#usage,
      logLines: this.#logLines,
    };
    return { timeline, sound: { caller, heard, cleared } };
  }

  #leftOut(): string[] {
    return [
      ...(this.#eventsAreLeftOut || this.#bars.isFull ? ['There are more events than can be shown.'] : []),
      ...(this.#linesAreLeftOut ? ['There are more lines in the log than can be shown.'] : []),
    ];
  }

  #takeEvent(event: CallEvent): void {
    const { atMs } = event;
    this.#bars.takeEvent(event, this.#line);
    const fault = faultText(event);
    if (fault !== null) this.#tell([{ atMs, who: 'parley', text: fault }], 'fault');
    switch (event.type) {
      case 'stream.started':
        return this.#callerLane.streamStarted();
      case 'stream.media':
        this.#callerLane.arrived(event.audio, event.timestampMs, atMs);
        return this.#callerSpeech.heard(event.audio, atMs);
      case 'stream.marked':
        return this.#heardLane.marked(event.name, atMs);
      case 'stream.stopped':
      case 'stream.closed':
        return this.#heardLane.cut(atMs, 'line');
      case 'model.usage': {
        this.#usageSum.add(this.#header?.agent?.model ?? this.#setup.model, event.usage);
        return this.#billed(atMs);
      }
      default:
    }
  }

  #takeEffect(effect: RecordedEffect): void {
    switch (effect.type) {
      case 'stream.mark':
        return this.#heardLane.markSent(String(effect.name));
      case 'stream.clear':
        return this.#heardLane.cut(this.#atMs, 'us');
      case 'stream.close':
        return this.#heardLane.cut(this.#atMs, 'line');
      case 'transcript.add':
        return this.#said(effect);
      case 'call.end':
        this.#endReason = shortText(String(effect.reason), textCharsMax);
        return;
      default:
    }
  }

  #send(chunk: { readonly audio: Uint8Array; readonly isReply: boolean } | undefined): void {
    if (chunk === undefined) return;
    this.#heardLane.sent(chunk.audio, chunk.isReply, this.#atMs);
    if (!chunk.isReply) this.#bars.covered(chunk.audio.length, this.#atMs, this.#line);
  }

  #said({ speaker, text, cut }: RecordedEffect): void {
    const who = speaker === 'agent' ? 'agent' : 'caller';
    const span = who === 'agent' ? this.#heardLane.takeSpoken() : this.#callerSpeech.take();
    const { fromMs, toMs } = span ?? { fromMs: this.#atMs, toMs: this.#atMs };
    const caption = { who, text: shortText(String(text), textCharsMax), cut: cut === true, line: this.#line } as const;
    if (this.#captions.length < itemsMax) this.#captions.push({ ...caption, fromMs, toMs });
    else this.#eventsAreLeftOut = true;
  }

  #retell(effect: RecordedEffect): void {
    const waits = this.#story.waitsMs.length;
    const lines = this.#story.take({ type: 'tick', atMs: this.#atMs }, [effect]);
    const waitMs = this.#story.waitsMs[waits];
    if (waitMs !== undefined && this.#waits.length < itemsMax)
      this.#waits.push({ fromMs: this.#atMs - waitMs, toMs: this.#atMs, line: this.#line });
    this.#tell(lines, waitMs === undefined ? kindOfEffect(effect) : 'wait');
  }

  #tell(lines: readonly StoryLine[], kind: EventKind): void {
    for (const { atMs, who, text } of lines) {
      if (this.#events.length >= itemsMax) this.#eventsAreLeftOut = true;
      else this.#events.push({ atMs, kind, who, text: shortText(text, textCharsMax), line: this.#line });
    }
  }

  #billed(atMs: number): void {
    const { tokens, costUsd } = this.#usageSum.report(this.#setup.prices);
    const point = { atMs, tokens: tokenCount(tokens), costUsd };
    if (this.#usage.length < itemsMax) this.#usage.push(point);
    else this.#usage[itemsMax - 1] = point;
  }

  #keep(source: string): void {
    const text = shortText(source, textCharsMax);
    this.#logChars += text.length;
    if (this.#logChars > logCharsMax) this.#linesAreLeftOut = true;
    else this.#logLines[this.#line] = text;
  }
}
