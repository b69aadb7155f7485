import type { AudioPath } from '../../audio/audio-path.ts';
import { isPause } from '../../audio/level.ts';
import { type MulawCodec, mulawBytesPerMs } from '../../audio/mulaw.ts';
import type { GateNews } from '../../audio/speech-gate.ts';
import type { Reaction } from '../reaction.ts';
import type { TurnDetection } from '../call-settings.ts';
import type { CallerEar } from '../turns/caller-ear.ts';
import { isTurn, type TurnWindow } from '../turns/turn-window.ts';
import { CallerGate, noiseMsMin } from './caller-gate.ts';
import { GapFiller } from './gap-filler.ts';
import type { IntakeTally } from './intake-tally.ts';
import { LineNoise } from './line-noise.ts';
import { ModelSound } from './model-sound.ts';
import { NoiseQuiet } from './noise-quiet.ts';
import { type CallerFrame, SpeechBacklog, speechIn } from './speech-backlog.ts';

/** Speech of this length is more than a "hello?": the caller wants to say something. The ear notices it a little late. */
const bargeInMs = 700;
const bargeInVoiceMs = 600;

/**
 * Caller audio on its way to the model: 8 kHz mu-law in, `model.sendAudio` out, without gaps. It is held while no model session is there,
 * so that no words are lost, and while the greeting plays, because a "hello?" would make the model start its greeting again. During the
 * greeting, and where the phone network sends nothing, silence or the noise of the line goes out instead, since the model must hear an
 * unbroken stream (GM-VAD-2). A caller who really speaks over the greeting is let through at once. A model that does not detect turns gets
 * what is inside of them alone (GM-VAD-6).
 */
export class Intake {
  /** The turns of the caller, for a model that does not detect them. */
  readonly window: TurnWindow;
  readonly #reaction: Reaction;
  readonly #codec: MulawCodec;
  readonly #ear: CallerEar;
  /** Whether the caller speaks: loudness tells it, and in noise the ear. */
  readonly gate: CallerGate;
  readonly #gaps = new GapFiller();
  readonly #noise = new NoiseQuiet();
  readonly #lineNoise = new LineNoise();
  readonly #backlog = new SpeechBacklog();
  readonly #sound: ModelSound;
  #mode: 'waiting' | 'greeting' | 'live' | 'closed' = 'waiting';
  #detection: TurnDetection = 'automatic';
  #turnWasCut = false;
  #greetingHasBegun = false;
  #lastFrameMs = 0;
  #received = 0;
  #replaced = 0;
  #dropped = 0;
  #filled = 0;

  constructor(audioPath: AudioPath, ear: CallerEar, window: TurnWindow, reaction: Reaction) {
    this.#reaction = reaction;
    this.#ear = ear;
    this.window = window;
    this.#codec = audioPath.codec;
    this.gate = new CallerGate(audioPath.codec, ear);
    this.#sound = new ModelSound(audioPath.callerUpsampler(), reaction);
  }

  get tally(): IntakeTally {
    return {
      received: this.#received,
      forwarded: this.#sound.forwardedBytes,
      replaced: this.#replaced + this.window.letGoBytes,
      dropped: this.#dropped,
      waiting: this.#backlog.bytes + this.window.waitingBytes,
      filled: this.#filled,
      resent: this.#sound.resentBytes,
    };
  }

  /** Whether caller audio waits for the end of the greeting. */
  get isHolding(): boolean {
    return this.#mode === 'greeting';
  }

  /** When a lack of frames counts as silence, unless one comes first; null while that concerns nobody. */
  get silenceDeadlineMs(): number | null {
    return this.#isSilenceNews ? this.#gaps.deadlineMs : null;
  }

  /** Silence is sent to a model that listens, and tells that a caller has stopped, whether one listens or not. */
  get #isSilenceNews(): boolean {
    return this.#isHeard || this.gate.isOpen || this.#ear.isSpeaking;
  }

  get #isHeard(): boolean {
    return this.#mode === 'greeting' || this.#mode === 'live';
  }

  /** The model takes audio and will greet first. */
  greetingAwaited(detection: TurnDetection): void {
    if (this.#mode !== 'waiting') return;
    this.#detection = detection;
    this.#mode = 'greeting';
    this.#gaps.restart(this.#reaction.nowMs);
  }

  /** A new stream counts its time from its own start. */
  streamStarted(): void {
    this.#gaps.restart(this.#reaction.nowMs);
    this.#lastFrameMs = this.#reaction.nowMs;
  }

  /** The stream is gone, and whoever spoke on it. */
  streamLost(): void {
    this.#ear.streamLost();
  }

  /** How long no frame has come, in ms. */
  get absentMs(): number {
    return this.#reaction.nowMs - this.#lastFrameMs;
  }

  /** Audio of the greeting is there: only from here on can a caller speak over it. */
  greetingBegan(): void {
    if (!this.#greetingHasBegun) this.gate.restart();
    this.#greetingHasBegun = true;
  }

  /** Takes caller audio (8 kHz mu-law, any length). `timestampMs` is its place in the stream. */
  receive(audio: Uint8Array, timestampMs: number): GateNews {
    const { nowMs } = this.#reaction;
    this.#received += audio.length;
    this.#lastFrameMs = nowMs;
    this.#fill(this.#gaps.frameCame(timestampMs, audio.length / mulawBytesPerMs, nowMs));
    this.#ear.hear(audio);
    const isSpeech = this.gate.isSpeech(audio);
    const news = this.gate.push(audio, isSpeech);
    this.#take({ audio, isSpeech, wasForwarded: false });
    return news;
  }

  /** Nothing came for a while: silence is due in its place. */
  receiveNothing(): GateNews {
    if (!this.#isSilenceNews) return null;
    const silentMs = this.#gaps.overdue(this.#reaction.settledMs);
    if (silentMs === 0) return null;
    this.#fill(silentMs);
    return this.gate.quiet(silentMs);
  }

  /**
   * The greeting is over, or the caller speaks over it: what was held goes out, in order, and everything is let through from here on.
   * Returns whether the caller had said something.
   */
  letThrough(): boolean {
    return this.#mode === 'greeting' && this.#letThrough([]);
  }

  /** The model session is gone: what the caller says is kept for the next one. */
  hold(): void {
    if (!this.#isHeard) return;
    this.#mode = 'waiting';
    this.#turnWasCut = this.window.lost();
    for (const frame of this.window.takeKept()) if (!frame.wasForwarded) this.#hold(frame);
  }

  /**
   * The next session listens. `again`: it has not heard the caller's last sentence, so that is said again, as is a turn that was open when
   * the last session was lost. Returns whether the caller's speech went out.
   */
  resume(again: boolean, detection: TurnDetection): boolean {
    if (this.#mode !== 'waiting') return false;
    this.#detection = detection;
    this.#gaps.restart(this.#reaction.nowMs);
    const wasCut = this.#turnWasCut;
    this.#turnWasCut = false;
    return this.#letThrough(again || wasCut ? this.#sound.utterance.unanswered : []);
  }

  /** The model answers: what the caller said before is settled. */
  answered(): void {
    this.#sound.utterance.answered();
  }

  /** The model may not have heard what it was sent in the last so many ms. */
  keepWords(ms: number): void {
    this.#sound.utterance.reopen(ms * mulawBytesPerMs);
  }

  /** Sends the speech of the last so many ms to the model once more. Returns whether there was any. */
  sayAgain(ms: number): boolean {
    if (this.#mode !== 'live') return false;
    const speech = speechIn(this.#sound.utterance.last(ms * mulawBytesPerMs));
    for (const frame of speech) this.#sound.forward(frame);
    return speech.length > 0;
  }

  /** No model takes audio any more. */
  close(): void {
    this.#mode = 'closed';
    this.#dropped += this.#backlog.bytes;
    this.#backlog.clear();
    this.window.keepLast(0);
    this.window.lost();
    this.#sound.utterance.clear();
  }

  #take(frame: CallerFrame): void {
    switch (this.#mode) {
      case 'closed':
        this.#dropped += frame.audio.length;
        return;
      case 'live':
        if (this.window.isAwaited && !this.window.isOpen) return this.window.keep(frame);
        if (this.#isLeftOut(frame.audio)) this.#replaced += frame.audio.length;
        else if (this.#noise.replaces(frame, this.#detection === 'automatic' && this.gate.isNoise)) this.#quiet(frame);
        else for (const each of [...this.#noise.takeBeginning(this.#ear.isSpeaking), frame]) this.#sound.forward(each);
        return;
      case 'waiting':
        return this.#hold(frame);
      case 'greeting':
        return this.#holdForGreeting(frame);
    }
  }

  #holdForGreeting(frame: CallerFrame): void {
    this.#hold(frame);
    if (this.gate.hasNobody) this.#lineNoise.heard(frame.audio);
    else this.#lineNoise.forgetYoung();
    if (this.#greetingHasBegun && this.#wantsToSpeak) this.letThrough();
    else if (this.#detection === 'manual' || this.#isLeftOut(frame.audio)) return;
    else this.#sound.sendInPlaceOf(frame.audio.length, this.gate.isLoud ? this.#lineNoise : null);
  }

  /** Whether the caller speaks over the greeting, and has more to say than a "hello?". */
  get #wantsToSpeak(): boolean {
    const { isSpeaking, sinceOnsetMs, sinceVoiceMs } = this.#ear;
    const voiceMs = isSpeaking ? sinceOnsetMs - sinceVoiceMs : 0;
    return this.gate.speechMs >= bargeInMs && voiceMs >= bargeInVoiceMs;
  }

  /** Whether nothing goes to the model for this frame: it is silent, and silence was sent ahead. */
  #isLeftOut(audio: Uint8Array): boolean {
    const frameMs = audio.length / mulawBytesPerMs;
    return this.#gaps.owes(frameMs) && this.#gaps.leavesOut(frameMs, isPause(audio, this.#codec));
  }

  #fill(silentMs: number): void {
    this.#ear.hearNothing(silentMs);
    if (silentMs === 0 || (this.#detection === 'automatic' ? !this.#isHeard : !this.window.isOpen)) return;
    this.#filled += silentMs * mulawBytesPerMs;
    this.#sound.sendQuiet(silentMs * mulawBytesPerMs);
  }

  #quiet({ audio }: CallerFrame): void {
    this.#replaced += audio.length;
    this.#sound.sendQuiet(audio.length);
  }

  #hold(frame: CallerFrame): void {
    this.#dropped += this.#backlog.push(frame);
    // What one session has heard as speech, the next one is told as well.
    const isFirst = this.isHolding || !this.#greetingHasBegun;
    if (isFirst && this.gate.hasNobody) this.#backlog.lastWasNoise(Math.min(noiseMsMin, this.#ear.sinceVoiceMs));
  }

  #letThrough(again: readonly CallerFrame[]): boolean {
    this.#mode = 'live';
    this.#noise.takeBeginning(false);
    const heldBytes = this.#backlog.bytes;
    const speech = this.#backlog.takeSpeech(again);
    this.answered();
    const forwardedBefore = this.#sound.forwardedBytes;
    const isHeard = this.#letOut(speech);
    this.#replaced += heldBytes - (this.#sound.forwardedBytes - forwardedBefore) - this.window.waitingBytes;
    return isHeard;
  }

  /** Sends what was held. Of a turn that is marked, what is too short may be the beginning. Returns whether the model hears anything. */
  #letOut(speech: readonly CallerFrame[]): boolean {
    this.window.awaited(this.#detection === 'manual');
    if (!this.window.isAwaited) for (const frame of speech) this.#sound.forward(frame);
    else if (isTurn(speech)) this.#beginTurn(speech);
    else for (const frame of speech) this.window.keep(frame);
    return this.window.isAwaited ? this.window.isOpen : speech.length > 0;
  }

  /** What is kept of the caller begins a turn. */
  beginTurn(): void {
    this.#beginTurn(this.window.takeKept());
  }

  #beginTurn(frames: readonly CallerFrame[]): void {
    this.#sound.restart();
    this.window.begin();
    for (const frame of frames) this.#sound.forward(frame);
  }
}
