import type { Farewell } from '../phone/farewell.ts';
import type { Reaction } from '../reaction.ts';
import type { ModelConnection } from '../session/model-connection.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Escalation } from '../watchdog/escalation.ts';
import type { ResponseWatchdog } from '../watchdog/response-watchdog.ts';
import type { BargeIn } from '../turns/barge-in.ts';
import type { NoisyWait } from '../turns/noisy-wait.ts';
import type { TurnWindow } from '../turns/turn-window.ts';
import type { ModelTurn } from './model-turn.ts';

/** What follows when the model says something: for the conversation, for what is expected, and for a goodbye. */
export class AgentSpeech {
  readonly #conversation: Conversation;
  readonly #turn: ModelTurn;
  readonly #connection: ModelConnection;
  readonly #watchdog: ResponseWatchdog;
  readonly #escalation: Escalation;
  readonly #farewell: Farewell;
  readonly #bargeIn: BargeIn;
  readonly #noisyWait: NoisyWait;
  readonly #window: TurnWindow;
  readonly #reaction: Reaction;
  #repeats = 0;

  constructor(
    conversation: Conversation,
    turn: ModelTurn,
    connection: ModelConnection,
    watchdog: ResponseWatchdog,
    escalation: Escalation,
    farewell: Farewell,
    bargeIn: BargeIn,
    noisyWait: NoisyWait,
    window: TurnWindow,
    reaction: Reaction,
  ) {
    this.#conversation = conversation;
    this.#turn = turn;
    this.#connection = connection;
    this.#watchdog = watchdog;
    this.#escalation = escalation;
    this.#farewell = farewell;
    this.#bargeIn = bargeIn;
    this.#noisyWait = noisyWait;
    this.#window = window;
    this.#reaction = reaction;
  }

  audioCame(pcm: Uint8Array): void {
    // The model is no further than the caller's earlier turn (GM-VAD-6).
    if (this.#farewell.isUnheard || this.#turn.isRepeat || this.#window.isOpen) return;
    const kind = this.#conversation.agentAudio(pcm);
    if (kind === 'late' || kind === 'quiet') return;
    if (kind === 'inaudible') {
      this.#conversation.dropTurn();
      return this.#escalation.fault('inaudibleTurn');
    }
    const waitedMs = this.#watchdog.wordsCame();
    if (waitedMs !== null) this.#connection.rotation.answered(waitedMs);
    this.#farewell.agentSpeaks();
  }

  wordsCame(text: string): void {
    // Who shows the words as they come must leave these out.
    if (this.#farewell.isUnheard || this.#window.isOpen || !this.#conversation.agentSaid(text))
      return this.#reaction.note('debug', 'wordsDropped', {});
    if (!this.#turn.wordsCame(text)) return;
    this.#repeats += 1;
    this.#conversation.cutAgent('repeated');
    this.#watchdog.restCame();
    // Once is a slip that the caller need not hear. A session that does it again is broken.
    if (this.#repeats > 1) this.#escalation.replaceSession('repeatedTurn');
  }

  /** Text that is not spoken. */
  textCame(): void {
    this.#turn.textCame();
  }

  generationCompleted(): void {
    this.#conversation.generationCompleted();
    this.#generationEnded();
  }

  turnCompleted(): void {
    this.#conversation.turnCompleted();
    this.#generationEnded();
    const fault = this.#turn.judge(this.#connection.behavior.turnEnd);
    if (fault !== null) this.#escalation.turnFailed(fault);
  }

  /** A turn in which nothing was heard does not satisfy what an earlier session left unsaid. */
  #generationEnded(): void {
    if (this.#turn.isAudible) this.#watchdog.restCame();
    this.#farewell.generationEnded();
  }

  /** The model works in the background, or has stopped doing so. */
  workChanged(isWorking: boolean): void {
    if (isWorking) this.#watchdog.modelWorks();
    const fault = this.#turn.workChanged(isWorking);
    if (fault !== null) this.#escalation.turnFailed(fault);
  }

  /** The model acts on what the caller said, and need not say anything. */
  toolCalled(): void {
    // A tool that is called in a turn which was cut says nothing about who cut it.
    if (!this.#turn.isLate) this.#bargeIn.unanswered.heard();
    this.#conversation.callerWasHeard();
    this.#turn.mayBeSilent();
  }

  /** The model chose to say nothing yet. */
  waitsForCaller(): void {
    this.#turn.mayBeSilent();
    this.#watchdog.excused();
    this.#noisyWait.over();
  }

  /** The model stopped because the caller spoke. A caller who has stopped by now waits for an answer. */
  interrupted(): void {
    if (this.#bargeIn.mendsInterruption()) return;
    this.#conversation.yieldToCaller('model', {});
    this.#conversation.greetingHold.letThrough();
    this.#farewell.interrupted();
    this.#watchdog.interrupted();
  }
}
