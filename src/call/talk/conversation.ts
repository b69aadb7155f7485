import type { AudioPath } from '../../audio/audio-path.ts';
import type { GateNews } from '../../audio/speech-gate.ts';
import { AgentVoice, type Arrival } from '../agent/agent-voice.ts';
import { Intake, type IntakeAccount } from '../caller/intake.ts';
import type { Memory, MemoryItem } from './memory.ts';
import type { ModelLink } from '../session/model-link.ts';
import type { ModelTurn } from './model-turn.ts';
import type { Prompt } from './prompts.ts';
import type { ReplyPosition } from '../agent/playout.ts';
import type { Reaction } from '../reaction.ts';
import type { CoverKind } from '../watchdog/reply-watch.ts';
import { Transcript, type TranscriptLine } from './transcript.ts';

/** A greeting that has not begun by then is not coming, and the caller's words must not wait for it. */
const greetingStartMsMax = 4_000;

/** A stream that brought nothing for so long before it was lost may have carried nothing the other way either. */
const deadMs = 3_000;

/** Why the agent is stopped in mid-speech. */
export type CutCause = 'bargeIn' | 'timeIsUp' | 'repeated';

/** What became of the audio of a call, in mu-law bytes (8 per millisecond). */
export interface AudioAccount {
  readonly caller: IntakeAccount;
  readonly agent: AgentVoice['account'];
}

/** The talk between caller and model: audio both ways, turns, and what was said. It knows nothing of phases. */
export class Conversation {
  readonly #reaction: Reaction;
  readonly #link: ModelLink;
  readonly #memory: Memory;
  readonly #turn: ModelTurn;
  readonly #sounds: AudioPath['coverSounds'];
  readonly #intake: Intake;
  readonly #voice: AgentVoice;
  readonly #transcript = new Transcript();
  #bargeIns = 0;
  #replySinceMs = 0;
  #wordsWereLost = false;

  constructor(audioPath: AudioPath, link: ModelLink, memory: Memory, turn: ModelTurn, reaction: Reaction) {
    this.#reaction = reaction;
    this.#link = link;
    this.#memory = memory;
    this.#turn = turn;
    this.#sounds = audioPath.coverSounds;
    this.#intake = new Intake(audioPath);
    this.#voice = new AgentVoice(audioPath);
  }

  get account(): AudioAccount {
    return { caller: this.#intake.account, agent: this.#voice.account };
  }

  get bargeIns(): number {
    return this.#bargeIns;
  }

  /** Whether no session is there, but one is coming. */
  get awaitsModel(): boolean {
    return !this.#link.isOpen && !this.#link.isClosed;
  }

  get callerSpeaks(): boolean {
    return this.#intake.callerSpeaks;
  }

  /** How long the caller's present or last utterance is, pauses included, in ms. */
  get callerSpokeMs(): number {
    return this.#intake.callerSpokeMs;
  }

  get agentIsGenerating(): boolean {
    return this.#voice.isGenerating;
  }

  /** Whether the caller has heard all that was sent. */
  get agentIsSilent(): boolean {
    return this.#voice.isSilent;
  }

  /** Whether the present turn of the model has brought anything that the caller can hear. */
  get turnIsAudible(): boolean {
    return this.#voice.turnIsAudible;
  }

  get unheardMs(): number {
    return this.#voice.unheardMs;
  }

  /** Until when the caller hears words of the agent, as far as we can know. */
  get wordsUntilMs(): number {
    return this.#voice.wordsUntilMs;
  }

  /** The words of the agent's present reply, or of the last one if that broke off, heard or on their way. */
  get agentWords(): string {
    return this.#transcript.brokenOffWords(this.#voice.saidMs);
  }

  /** What the agent is saying and no memory holds yet; null when it is silent. */
  get unfinished(): MemoryItem | null {
    const text = this.#transcript.agentWords(this.#voice.saidMs);
    return text === '' ? null : { kind: 'said', atMs: this.#replySinceMs, speaker: 'agent', text, cut: false };
  }

  // ── The model session ──────────────────────────────────────────────────────────────────────────────────────────

  /** The model is asked for a greeting at once, even before the stream: what comes early is held, and the caller waits less. */
  awaitGreeting(): void {
    this.#reaction.wait('greetingHold', greetingStartMsMax);
    this.#intake.greetingAwaited(this.#reaction.nowMs);
  }

  /** Another session goes on. `again`: it has not heard the caller's last sentence. Returns whether the caller's speech went out. */
  resumeCaller(again: boolean): boolean {
    const { pieces, hadSpeech } = this.#intake.resume(again, this.#reaction.nowMs);
    if (again && hadSpeech) this.#transcript.forgetCaller();
    this.#forward(pieces);
    return hadSpeech;
  }

  /** The session is gone; another one may follow. What it had sent is all there is of its reply. */
  sessionLost(): void {
    this.#reaction.stopWaiting('greetingHold');
    this.#transcript.forgetUnsaid(this.#voice.saidMs);
    if (this.#voice.isGenerating) this.#transcript.breakOff();
    this.#transcript.sessionChanged();
    this.#intake.hold();
    this.#turn.broken();
    this.#reaction.do(...this.#voice.abandonGeneration(this.#reaction.nowMs));
  }

  /** Nothing goes to the model any more. Returns whether the session was still in use. */
  closeModel(): boolean {
    if (!this.#link.close()) return false;
    this.#transcript.forgetUnsaid(this.#voice.saidMs);
    this.#reaction.stopWaiting('greetingHold');
    this.#intake.close();
    this.#reaction.do(...this.#voice.abandonGeneration(this.#reaction.nowMs));
    return true;
  }

  /** Tells the model something to which it answers at once, if there is a model. */
  tell(...prompts: readonly Prompt[]): boolean {
    if (!this.#link.isOpen) return false;
    this.#turn.mayRepeat();
    this.#reaction.do({
      type: 'model.sendText',
      prompts: prompts.map(({ name }) => name),
      text: prompts.map(({ text }) => text).join('\n'),
    });
    return true;
  }

  // ── The caller ─────────────────────────────────────────────────────────────────────────────────────────────────

  callerAudio(audio: Uint8Array, timestampMs: number): GateNews {
    const { pieces, news } = this.#intake.receive(audio, timestampMs, this.#reaction.nowMs);
    this.#forward(pieces);
    return news;
  }

  /** Nothing came from the caller for a while. */
  callerSilence(): GateNews {
    const { pieces, news } = this.#intake.receiveNothing(this.#reaction.nowMs);
    this.#forward(pieces);
    return news;
  }

  callerSaid(text: string): void {
    this.#transcript.callerSaid(text);
  }

  /** Whatever was held for the greeting goes to the model. Returns whether the caller had said something. */
  releaseCaller(): boolean {
    this.#reaction.stopWaiting('greetingHold');
    const { pieces, hadSpeech } = this.#intake.release();
    this.#forward(pieces);
    return hadSpeech;
  }

  /** The model acts on what the caller said, so that line is complete. */
  callerWasHeard(): void {
    this.#write(this.#transcript.settleCaller());
  }

  #forward(pieces: readonly Uint8Array[]): void {
    if (!this.#link.isOpen) return;
    for (const pcm of pieces) this.#reaction.do({ type: 'model.sendAudio', pcm });
  }

  // ── The agent ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** Audio of the model. Returns what it was. */
  agentAudio(pcm24k: Uint8Array): Arrival {
    const { kind, effects } = this.#voice.audioArrived(pcm24k, this.#reaction.nowMs);
    if (kind !== 'begins' && kind !== 'goesOn') return kind;
    if (kind === 'begins') this.#beginReply();
    this.#intake.answered();
    this.#intake.greetingBegan();
    this.#reaction.do(...effects);
    this.#prolongHold();
    return kind;
  }

  #beginReply(): void {
    this.callerWasHeard();
    this.#replySinceMs = this.#reaction.nowMs;
  }

  /** The greeting may stall: the caller's words wait until what came of it has been played, and then no longer than for its start. */
  #prolongHold(): void {
    if (this.#intake.isHolding) this.#reaction.wait('greetingHold', this.#voice.unheardMs + greetingStartMsMax);
  }

  /** Returns whether the words belong to a turn that counts. */
  agentSaid(text: string): boolean {
    if (this.#voice.isStale(this.#reaction.nowMs)) return false;
    this.#transcript.agentSaid(text);
    return true;
  }

  generationCompleted(): void {
    this.#reaction.do(...this.#voice.generationCompleted(this.#reaction.nowMs));
  }

  /** A turn of the model is over. */
  turnCompleted(): void {
    this.#reaction.do(...this.#voice.turnCompleted(this.#reaction.nowMs));
    this.#voice.beginTurn();
    // Transcripts may come behind the audio, but not behind the end of the turn (GM-TURN-3).
    if (this.#voice.isSilent && !this.#voice.isGenerating) this.#write(this.#transcript.settleAgent(null));
  }

  /** Stops the agent in mid-speech: Twilio drops what the caller has not heard, and the transcript keeps what was. */
  cutAgent(cause: CutCause): void {
    this.uncover();
    const { cleared, position } = this.#voice.cut(cause === 'bargeIn' ? 'model' : 'us', this.#reaction.nowMs);
    if (cleared) {
      this.#reaction.do({ type: 'stream.clear' });
      if (cause === 'bargeIn') this.#bargeIns += 1;
      if (cause === 'bargeIn') this.#reaction.note('info', 'bargeIn', { ...position });
      else this.#reaction.note('info', 'agentCut', { cause, ...position });
    }
    this.#voice.beginTurn();
    this.#writeCut(position);
  }

  /** Nobody can hear what the model says: nothing more is taken of it, and it is no line of the transcript. */
  dropTurn(): void {
    this.#voice.dropTurn(this.#reaction.nowMs);
    if (this.#voice.isSilent) this.#writeCut({ sentMs: 0, heardMs: 0 });
  }

  /** Plays a sound that stands in for the agent's words. */
  cover(kind: CoverKind): void {
    this.#reaction.do(...this.#voice.cover(this.#sounds[kind], this.#reaction.nowMs));
  }

  /** The caller speaks: nothing needs to be covered. */
  uncover(): void {
    this.#reaction.do(...this.#voice.uncover(this.#reaction.nowMs));
  }

  marked(mark: string): void {
    this.#voice.marked(mark, this.#reaction.nowMs);
  }

  /** The last marks are overdue. */
  marksLost(): void {
    this.#reaction.note('warn', 'marksLost', { marks: this.#voice.assumeHeard() });
  }

  // ── The stream ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** A stream is there. Returns whether the caller missed words of the agent because an earlier one broke. */
  streamStarted(): boolean {
    const wordsWereLost = this.#wordsWereLost;
    this.#wordsWereLost = false;
    this.#intake.streamStarted(this.#reaction.nowMs);
    this.#reaction.do(...this.#voice.streamStarted(this.#reaction.nowMs));
    this.#prolongHold();
    return wordsWereLost;
  }

  /** What was said on the stream is written down: it may be all that another process learns of it. */
  streamLost(): void {
    const wasDead = this.#intake.absentMs(this.#reaction.nowMs) >= deadMs;
    const hasUnheard = this.#voice.hasUnheardWords;
    const isCut = hasUnheard || this.#voice.isGenerating;
    this.#wordsWereLost ||= hasUnheard || wasDead;
    this.callerWasHeard();
    this.#transcript.forgetUnsaid(this.#voice.saidMs);
    const position = this.#voice.streamLost(this.#reaction.nowMs);
    if (isCut) this.#writeCut(position);
  }

  // ── After each event ───────────────────────────────────────────────────────────────────────────────────────────

  /** Whatever has become due through the event. Returns whether the caller has just heard a whole reply. */
  advance(): boolean {
    const { reply } = this.#voice;
    const over = this.#voice.takeReplyOver();
    // Of a reply without a sound nothing was heard, whatever its words say.
    if (over !== null) this.#write(this.#transcript.settleAgent(reply.sentMs === 0 ? reply : null));
    this.#reaction.waitUntil('playoutDrain', this.#voice.drainDeadlineMs);
    this.#reaction.waitUntil('callerSilence', this.#link.isOpen ? this.#intake.silenceDeadlineMs : null);
    return over === 'whole';
  }

  /** The call is over. */
  end(): void {
    this.streamLost();
    this.closeModel();
    this.#write(this.#transcript.settleCaller());
    this.#write(this.#transcript.settleAgent(null));
  }

  #writeCut(position: ReplyPosition): void {
    this.#write(this.#transcript.settleAgent(position));
    this.#voice.lineWritten();
  }

  #write(line: TranscriptLine | null): void {
    if (line === null) return;
    // A whole reply was said when it began: a handle that came while it played covers it. That it was cut off, no handle knows.
    const atMs = line.speaker === 'agent' && !line.cut ? this.#replySinceMs : this.#reaction.nowMs;
    this.#memory.add({ kind: 'said', atMs, ...line });
    this.#reaction.do({ type: 'transcript.add', ...line });
  }
}
