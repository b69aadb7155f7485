import type { GateNews } from '../../audio/speech-gate.ts';
import type { ModelTurn } from '../agent/model-turn.ts';
import type { Reaction } from '../reaction.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { ToolWork } from '../tooling/tool-work.ts';
import type { BargeIn } from '../turns/barge-in.ts';
import type { CallerEar } from '../turns/caller-ear.ts';
import type { NoisyWait } from '../turns/noisy-wait.ts';
import type { TurnWindow } from '../turns/turn-window.ts';
import type { ResponseWatchdog } from '../watchdog/response-watchdog.ts';
import type { Intake } from './intake.ts';

/** A caller's words that are written down twice are a defect of the service, unless they are as short as "yes, yes". */
const repeatedCharsMin = 12;

/** A caller who says more than this over the agent's last words has said something. */
const remarkMs = 500;

/** Nobody speaks so long without a pause of 600 ms. */
const noiseMs = 8_000;

/** What follows from the caller's speech: whether an answer is expected. */
export class CallerSpeech {
  readonly #ear: CallerEar;
  readonly #intake: Intake;
  readonly #conversation: Conversation;
  readonly #turn: ModelTurn;
  readonly #watchdog: ResponseWatchdog;
  readonly #tools: ToolWork;
  readonly #bargeIn: BargeIn;
  readonly #noisyWait: NoisyWait;
  readonly #window: TurnWindow;
  readonly #reaction: Reaction;
  #lastText = '';
  /** The utterance that was noted last. */
  #notedUtterance = 0;

  constructor(
    ear: CallerEar,
    intake: Intake,
    conversation: Conversation,
    turn: ModelTurn,
    watchdog: ResponseWatchdog,
    tools: ToolWork,
    bargeIn: BargeIn,
    noisyWait: NoisyWait,
    window: TurnWindow,
    reaction: Reaction,
  ) {
    this.#ear = ear;
    this.#intake = intake;
    this.#conversation = conversation;
    this.#turn = turn;
    this.#watchdog = watchdog;
    this.#tools = tools;
    this.#bargeIn = bargeIn;
    this.#noisyWait = noisyWait;
    this.#window = window;
    this.#reaction = reaction;
  }

  /** Sound of the caller, at its place in the stream. A frame without any takes up no room, so that no bound would hold it. */
  soundCame(audio: Uint8Array, timestampMs: number): void {
    if (audio.length === 0) return;
    this.#take(this.#intake.receive(audio, timestampMs));
    this.#noteVoice();
  }

  /** Once for each utterance in which there may be a word, whether the service writes it down or not. */
  #noteVoice(): void {
    const { utterances, mayHoldWord } = this.#ear;
    if (utterances === this.#notedUtterance || !mayHoldWord) return;
    this.#notedUtterance = utterances;
    this.#reaction.note('debug', 'callerHeard', {});
  }

  /** Nothing came from the caller for a while. */
  silenceTimedOut(): void {
    this.#take(this.#intake.receiveNothing());
  }

  #take(news: GateNews): void {
    if (news === 'began') this.#began();
    else if (news === 'ended') this.#ended();
  }

  #began(): void {
    this.#turn.mayRepeat();
    this.#lastText = '';
    // Where turns are marked, a loud sound is no turn yet.
    if (!this.#window.isAwaited) this.#watchdog.excused();
    this.#tools.callerSpoke(this.#intake.gate.openMs);
  }

  /** The caller has stopped. Whatever the agent is saying goes on; in silence, an answer is expected, even if the agent's turn has not ended. */
  #ended(): void {
    // Where turns are marked, an answer is expected from their end on.
    if (this.#window.isAwaited) return;
    if (!this.#agentIsHeard) this.#watchdog.expect('answer');
    else if (this.#turn.isGenerating) this.#watchdog.expect('rest');
    // More than a "mm-hm" over the last words wants an answer once they have been heard.
    else if (this.#intake.gate.openMs >= remarkMs) this.#watchdog.expect('answer');
  }

  get #agentIsHeard(): boolean {
    return this.#conversation.wordsUntilMs > this.#reaction.nowMs;
  }

  /** What was held for the greeting goes out, and wants an answer if it was speech. */
  letThrough(): void {
    if (this.#conversation.greetingHold.letThrough() && !this.#conversation.callerSpeaks)
      this.#watchdog.expect('answer');
  }

  /** The service has written down what the caller said. */
  wordsCame(text: string): void {
    this.#bargeIn.unanswered.noticed();
    this.#noisyWait.callerWasHeard();
    if (this.#bargeIn.wasRightToStop()) this.#stopAgent();
    const isRepeated = text.length >= repeatedCharsMin && text === this.#lastText;
    this.#lastText = text;
    if (isRepeated) return this.#reaction.note('info', 'transcriptRepeated', {});
    this.#conversation.callerSaid(text);
    this.#hearThroughNoise();
  }

  #stopAgent(): void {
    this.#conversation.yieldToCaller('model', { why: 'words' });
    this.#watchdog.interrupted();
  }

  /** Noise without pauses hides that the caller has begun, and has stopped. The service has heard the words, since it wrote them down. */
  #hearThroughNoise(): void {
    const isNoisy = this.#intake.gate.openMs >= noiseMs && this.#conversation.callerSpeaks;
    if (!isNoisy || this.#turn.isGenerating || this.#agentIsHeard) return;
    this.#tools.callerSpoke(0);
    this.#watchdog.excused();
    this.#watchdog.expect('answer');
  }
}
