import type { AudioPath } from '../../audio/audio-path.ts';
import { AgentVoice, type Arrival, type CutPosition } from '../agent/agent-voice.ts';
import type { Feeder } from '../agent/feeder.ts';
import { GreetingHold } from '../caller/greeting-hold.ts';
import type { Intake } from '../caller/intake.ts';
import type { TurnDetection } from '../call-settings.ts';
import type { AudioTally } from './audio-tally.ts';
import type { Minutes } from './minutes.ts';
import type { ModelTurn } from '../agent/model-turn.ts';
import type { Note } from '../effects.ts';
import type { Reaction } from '../reaction.ts';
import type { Comfort } from '../watchdog/expectation.ts';

/** If a stream brought nothing for this long before it was lost, the caller may have heard nothing either. */
const deadMs = 3_000;

/** For what the agent is stopped, if not for the caller. */
export type AgentCutCause = 'timeIsUp' | 'repeated' | 'operator';

/** The talk between caller and model: audio both ways, turns, and what was said. It knows nothing of phases. */
export class Conversation {
  /** While the greeting is awaited and plays, the caller's words wait. */
  readonly greetingHold: GreetingHold;
  readonly #reaction: Reaction;
  readonly #turn: ModelTurn;
  readonly #sounds: AudioPath['comfortSounds'];
  readonly #intake: Intake;
  readonly #feeder: Feeder;
  readonly #voice: AgentVoice;
  readonly #minutes: Minutes;
  #bargeIns = 0;
  #wordsWereLost = false;

  constructor(
    audioPath: AudioPath,
    minutes: Minutes,
    turn: ModelTurn,
    intake: Intake,
    feeder: Feeder,
    reaction: Reaction,
  ) {
    this.#reaction = reaction;
    this.#minutes = minutes;
    this.#turn = turn;
    this.#sounds = audioPath.comfortSounds;
    this.#intake = intake;
    this.#feeder = feeder;
    this.#voice = new AgentVoice(audioPath, turn, feeder);
    this.greetingHold = new GreetingHold(intake, feeder, reaction);
  }

  get tally(): AudioTally {
    return { caller: this.#intake.tally, agent: this.#feeder.tally };
  }

  get bargeIns(): number {
    return this.#bargeIns;
  }

  get callerSpeaks(): boolean {
    return this.#intake.gate.isOpen;
  }

  /** Whether the caller has heard all there is. */
  get agentIsSilent(): boolean {
    return this.#feeder.isSilent;
  }

  get unheardMs(): number {
    return this.#feeder.unheardMs;
  }

  /** Until when the caller hears words of the agent, as far as we can know. */
  get wordsUntilMs(): number {
    return this.#feeder.wordsUntilMs;
  }

  /** When the agent was last heard, or began something inaudible that takes time. */
  get agentActiveUntilMs(): number {
    return Math.max(this.#feeder.wordsUntilMs, this.#turn.workedMs);
  }

  /** The words of the agent's present reply, or of the last one if that broke off, heard or on their way. */
  get agentWords(): string {
    return this.#minutes.transcript.brokenOffWords(this.#voice.saidMs);
  }

  // ── The model session ──────────────────────────────────────────────────────────────────────────────────────────

  /** Another session goes on. `again`: it has not heard the caller's last sentence. Returns whether the caller's speech went out. */
  resumeCaller(again: boolean, detection: TurnDetection): boolean {
    const hadSpeech = this.#intake.resume(again, detection);
    if (again && hadSpeech) this.#minutes.transcript.forgetCaller();
    return hadSpeech;
  }

  /** The session is gone; another one may follow. What it had sent is all there is of its reply. */
  sessionLost(): void {
    this.greetingHold.stop();
    this.#forgetUnsaid();
    if (this.#turn.isGenerating) this.#minutes.transcript.breakOff();
    this.#minutes.transcript.sessionChanged();
    this.#intake.hold();
    this.#voice.sessionLost();
  }

  /** Nothing goes to the model any more. */
  modelClosed(): void {
    this.#forgetUnsaid();
    this.greetingHold.stop();
    this.#intake.close();
    this.#voice.sessionLost();
  }

  /** The call so far, for the instruction of the next session: all of it, or what a resumed one may not know. Null when that is nothing. */
  recapFor(isResumed: boolean): string | null {
    return this.#minutes.recapFor(isResumed, this.#voice.saidMs);
  }

  // ── The caller ─────────────────────────────────────────────────────────────────────────────────────────────────

  callerSaid(text: string): void {
    this.#minutes.transcript.callerSaid(text);
  }

  /** The model acts on what the caller said, so that line is complete. */
  callerWasHeard(): void {
    this.#minutes.callerIsDone();
  }

  // ── The agent ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** Audio of the model. Returns what it was. */
  agentAudio(pcm24k: Uint8Array): Arrival {
    const kind = this.#voice.audioArrived(pcm24k);
    if (kind !== 'begins' && kind !== 'goesOn') return kind;
    if (kind === 'begins') this.#minutes.replyBegins();
    this.#intake.answered();
    this.#intake.greetingBegan();
    this.#voice.speak();
    this.greetingHold.prolong();
    return kind;
  }

  /** Returns whether the words belong to a turn that counts. */
  agentSaid(text: string): boolean {
    if (this.#turn.isLate) return false;
    this.#minutes.transcript.agentSaid(text);
    return true;
  }

  generationCompleted(): void {
    this.#voice.generationCompleted();
  }

  /** A turn of the model is over. */
  turnCompleted(): void {
    this.#voice.turnCompleted();
    if (this.#turn.isGenerated) {
      this.#forgetUnsaid();
      this.#endReply();
    } else if (this.#feeder.isSilent && !this.#turn.isGenerating) this.#minutes.turnIsOver(this.#turn.isAudible);
  }

  /** Stops the agent in mid-speech: the caller hears no more of it. What a model repeats was heard before, if it does not wait behind other words. */
  cutAgent(cause: AgentCutCause): void {
    const position = this.#cut('us', 'agentCut', { cause });
    this.#writeCut(position, cause !== 'repeated' || position.behindVoiceMs > 0);
  }

  /** The caller interrupts the agent, as the model or our own ear noticed. `reasons`: why the ear says so. */
  yieldToCaller(by: 'model' | 'ear', reasons: Note['fields']): void {
    this.#writeCut(this.#cut(by, 'bargeIn', { by, ...reasons }), true);
  }

  #cut(by: 'model' | 'ear' | 'us', name: string, fields: Note['fields']): CutPosition {
    this.stopComfort();
    const { cleared, hasWaited, position } = this.#voice.cut(by);
    // Nobody has heard the agent stop, but why it does not begin is worth a line.
    if (hasWaited && by !== 'us') this.#reaction.note('info', name, { ...fields, sentMs: 0, heardMs: 0 });
    if (!cleared) return position;
    if (by !== 'us') this.#bargeIns += 1;
    this.#reaction.note('info', name, { ...fields, ...this.#feeder.replies.cutPosition });
    return position;
  }

  /** The model has stopped in mid-reply by mistake. Returns whether a reply broke off: what came of it is heard to its end. */
  breakOff(): boolean {
    this.#forgetUnsaid();
    const brokeOff = this.#voice.brokeOff();
    if (brokeOff) this.#minutes.transcript.breakOff();
    this.#endReply();
    return brokeOff;
  }

  /** No more of the reply comes: what comes behind it is another line. */
  #endReply(): void {
    if (this.#voice.endedReply()) this.#minutes.transcript.endReply();
  }

  /** Nobody can hear what the model says: nothing more is taken of it, and it is no line of the transcript. */
  dropTurn(): void {
    this.#voice.dropTurn();
    if (this.#feeder.replies.isAwaited) this.#minutes.transcript.forgetUnsaid(0);
    if (!this.#feeder.isSilent) return;
    this.#minutes.agentIsUnheard();
    this.#feeder.replies.begin();
  }

  /** Plays a sound that stands in for the agent's words. */
  playComfort(kind: Comfort): void {
    this.#feeder.playComfort(this.#sounds[kind]);
  }

  /** The caller speaks: no silence needs to be filled. */
  stopComfort(): void {
    this.#feeder.stopComfort();
  }

  // ── The stream ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** A stream is there. Returns whether the caller missed words of the agent because an earlier one broke. */
  streamStarted(): boolean {
    const wordsWereLost = this.#wordsWereLost;
    this.#wordsWereLost = false;
    this.#intake.streamStarted();
    this.#feeder.streamStarted();
    this.greetingHold.prolong();
    return wordsWereLost;
  }

  /** What was said on the stream is written down: it may be all that another process learns of it. */
  streamLost(): void {
    const wasDead = this.#intake.absentMs >= deadMs;
    const hasUnheard = this.#feeder.hasUnheardWords;
    const isCut = hasUnheard || this.#turn.isGenerating;
    this.#wordsWereLost ||= hasUnheard || wasDead;
    this.callerWasHeard();
    this.#forgetUnsaid();
    const position = this.#voice.streamLost();
    this.#intake.streamLost();
    if (isCut) this.#writeCut(position, true);
  }

  // ── After each event ───────────────────────────────────────────────────────────────────────────────────────────

  /** After each event. Returns whether the caller has just heard a whole reply. */
  advance(): boolean {
    this.#feeder.advance();
    this.#minutes.repliesHeard(this.#feeder.replies.takeHeard());
    const over = this.#voice.takeReplyOver();
    if (over !== null) this.#minutes.replyIsOver(over);
    this.#reaction.waitUntil('callerSilence', this.#intake.silenceDeadlineMs);
    return over?.isWhole === true;
  }

  /** The call is over. */
  end(): void {
    this.streamLost();
    this.#minutes.end();
  }

  /** No more audio comes of the agent's present reply: words that were ahead of it are never said. */
  #forgetUnsaid(): void {
    this.#minutes.transcript.forgetUnsaid(this.#voice.saidMs);
  }

  #writeCut(position: CutPosition, isMissed: boolean): void {
    this.#minutes.repliesHeard(this.#feeder.replies.takeHeard());
    this.#minutes.agentIsCut(position, isMissed);
    this.#feeder.replies.begin();
  }
}
