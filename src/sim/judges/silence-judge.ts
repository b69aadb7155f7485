import type { CallTimeline, CallTimelineEntry } from './call-timeline.ts';
import { soundFrameMs, type Heard, type Span, spansOf, type HeardStream } from './heard-stream.ts';

/** A caller who is to hear sound hears some after so long, and words (the agent's, or the filler phrase) after so long. */
const firstSoundMsMax = 1_500;
const firstWordsMsMax = 4_000;

/** A caller without a stream for so long has found the line dead, and waits for somebody to be there again. */
const lineAwayMsMax = 2_500;

/** From then on, so long may be without any sound, and so long without words. */
const soundMsMax = 4_000;
const wordsMsMax = 6_000;

/** A step towards an answer is taken at least so often. */
const stepMsMax = 8_000;

/** One comfort tone may go on for so long. */
const toneMsMax = 6_000;

/** Once the exit is decided, the goodbye begins within this time, or the agent goes without it. */
const farewellMsMax = 3_000;

/** The caller counts as finished when so much quiet has followed the last sound, as the product's gate has it. */
const callerEndMs = 600;

/** The first frame of a stream comes after at most so long (TW-STREAM-4). */
const firstFrameMsMax = 155;

/** An interruption is the caller's doing up to so long after the caller's last sound: the service hears it late and says so late. */
const bargeInMs = 1_500;

/** How the silences of a call are judged. */
export interface SilenceRules {
  /** How late anything may be heard or seen because of the links. */
  readonly slackMs: number;
  /** From here on the stream that is open carries nothing, whatever the service does. Infinity: never. */
  readonly lineDeadFromMs: number;
  /** The line may lose a question. Nobody knows of it, so nothing is due for it until the caller is asked whether anybody is there. */
  readonly lineLoses: boolean;
}

/** What the caller waits to hear, and since when. */
interface Expected {
  readonly what: 'reply' | 'rest' | 'comeback' | 'goodbye';
  readonly sinceMs: number;
}

/** Stretches in which the caller spoke, as the product's gate would tell them apart. */
export function callerTurns({ fromMs, speaks }: HeardStream): Span[] {
  return spansOf(fromMs, speaks, callerEndMs);
}

/**
 * Judges a call by what the caller heard. Sound is due from the start of the first stream, and of another one when sound was due or the
 * line was away for long; from the end of what the caller says; and from an emptied queue while the model's reply is unfinished. It is due
 * until words are heard, the caller speaks, or the exit is decided. Returns what was too long, one sentence each.
 */
export function judgeSilences(
  streams: readonly HeardStream[],
  { entries }: CallTimeline,
  rules: SilenceRules,
): string[] {
  const judge = new SilenceJudge(entries, rules);
  streams.forEach((stream, index) => {
    judge.hear(stream, index === 0);
  });
  return judge.broken;
}

class SilenceJudge {
  readonly broken: string[] = [];
  readonly #entries: readonly CallTimelineEntry[];
  readonly #rules: SilenceRules;
  /** Entries read so far. */
  #read = 0;
  #expected: Expected | null = null;
  /** What has been complained of while this is due. */
  #complaints = new Set<string>();
  /** How many complaints there were before that. */
  #brokenBefore = 0;
  #replyIsUnfinished = false;
  #isLeaving = false;
  #callerSpokeAtMs = -Infinity;
  /** When the last stream ended. */
  #untilMs = 0;
  #last: Heard = 'nothing';
  #soundAtMs = 0;
  #wordsAtMs = 0;
  #steppedAtMs = 0;
  #toneSinceMs: number | null = null;
  /** The caller spoke, or had just spoken, when the stream ended. */
  #wasCutOff = false;

  constructor(entries: readonly CallTimelineEntry[], rules: SilenceRules) {
    this.#entries = entries;
    this.#rules = rules;
  }

  hear(stream: HeardStream, isFirst: boolean): void {
    const { fromMs, toMs, heard, speaks } = stream;
    this.#readUpTo(fromMs);
    // Without a stream nothing could be heard: what was due is due anew, and so is the rest of what was cut off.
    const wasAway = !isFirst && fromMs - this.#untilMs > lineAwayMsMax;
    if (wasAway) this.#expect('comeback', fromMs);
    else if (isFirst || this.#expected !== null || this.#last === 'words') this.#expect('reply', fromMs);
    this.#untilMs = toMs;
    this.#last = 'nothing';
    this.#toneSinceMs = null;
    const turns = callerTurns(stream);
    const turnEndsMs = turns.map((turn) => turn.toMs + callerEndMs);
    // Whoever spoke when the last stream broke counts as finished after as much quiet on this one.
    if (this.#wasCutOff) turnEndsMs.push(fromMs + firstFrameMsMax + callerEndMs);
    const isDead = (atMs: number): boolean =>
      fromMs <= this.#rules.lineDeadFromMs && atMs >= this.#rules.lineDeadFromMs;
    heard.forEach((sound, index) => {
      const atMs = fromMs + index * soundFrameMs;
      if (isDead(atMs)) return;
      this.#readUpTo(atMs);
      if (speaks[index] === true) this.#callerSpeaks(atMs);
      const callerEnded = turnEndsMs.some((endMs) => endMs > atMs - soundFrameMs && endMs <= atMs);
      if (callerEnded && sound !== 'words') this.#expect('reply', atMs);
      this.#frame(sound, atMs);
    });
    this.#wasCutOff = turns.some((turn) => turn.toMs + callerEndMs > toMs);
  }

  #expect(what: Expected['what'], sinceMs: number): void {
    if (this.#isLeaving && what !== 'goodbye') return;
    this.#expected = { what, sinceMs };
    this.#complaints = new Set();
    this.#brokenBefore = this.broken.length;
  }

  /** Whoever waited for an answer until now waits for the question from here on. */
  #callerIsAsked(atMs: number): void {
    const isExcused = this.#rules.lineLoses && this.#expected !== null && this.#expected.what !== 'comeback';
    if (isExcused) this.broken.length = this.#brokenBefore;
    this.#expect('reply', atMs);
  }

  #callerSpeaks(atMs: number): void {
    this.#callerSpokeAtMs = atMs;
    this.#expected = null;
  }

  #frame(sound: Heard, atMs: number): void {
    if (sound === 'words') this.#expected = null;
    const queueIsEmpty = this.#last === 'words' && sound !== 'words';
    if (queueIsEmpty && this.#replyIsUnfinished && atMs - this.#callerSpokeAtMs > callerEndMs)
      this.#expect('rest', atMs);
    this.#last = sound;
    this.#toneSinceMs = sound === 'tone' ? (this.#toneSinceMs ?? atMs) : null;
    if (sound !== 'nothing') this.#soundAtMs = atMs;
    if (sound === 'words' || sound === 'phrase') this.#wordsAtMs = atMs;
    if (this.#expected !== null) this.#check(this.#expected, atMs);
  }

  #check({ what, sinceMs }: Expected, atMs: number): void {
    if (what === 'goodbye') return this.#bound('no goodbye', sinceMs, farewellMsMax, atMs);
    const hasSound = this.#soundAtMs >= sinceMs;
    const hasWords = this.#wordsAtMs >= sinceMs;
    if (hasSound) this.#bound('no sound', this.#soundAtMs, soundMsMax, atMs);
    else this.#bound('no first sound', sinceMs, firstSoundMsMax, atMs);
    if (hasWords) this.#bound('no words', this.#wordsAtMs, wordsMsMax, atMs);
    else this.#bound('no first words', sinceMs, firstWordsMsMax, atMs);
    this.#bound('no step', Math.max(sinceMs, this.#steppedAtMs), stepMsMax, atMs);
    if (this.#toneSinceMs !== null) this.#bound('nothing but the tone', this.#toneSinceMs, toneMsMax, atMs);
  }

  #bound(complaint: string, fromMs: number, msMax: number, atMs: number): void {
    if (atMs - fromMs <= msMax + this.#rules.slackMs || this.#complaints.has(complaint)) return;
    this.#complaints.add(complaint);
    this.broken.push(`${complaint} in ${msMax} ms, from ${(fromMs / 1000).toFixed(2)} s on`);
  }

  #readUpTo(atMs: number): void {
    for (let entry = this.#entries[this.#read]; entry !== undefined && entry.atMs <= atMs;) {
      this.#take(entry);
      this.#read += 1;
      entry = this.#entries[this.#read];
    }
  }

  #take({ kind, atMs }: CallTimelineEntry): void {
    switch (kind) {
      case 'replyGoesOn':
        this.#replyIsUnfinished = true;
        return;
      case 'replyOver':
        return this.#replyIsOver();
      case 'interrupted':
        // One that the caller did not cause cuts the reply off, and the caller waits for the rest.
        if (atMs - this.#callerSpokeAtMs <= bargeInMs) this.#replyIsOver();
        return;
      case 'mayBeSilent':
        this.#replyIsOver();
        this.#expected = null;
        return;
      case 'prompted':
        return this.#callerIsAsked(atMs);
      case 'leaving':
        this.#isLeaving = true;
        return this.#expect('goodbye', atMs);
      default:
        this.#steppedAtMs = atMs;
    }
  }

  #replyIsOver(): void {
    this.#replyIsUnfinished = false;
    if (this.#expected?.what === 'rest') this.#expected = null;
  }
}
