import type { ModelTurn } from '../agent/model-turn.ts';
import type { PromptName } from '../effects.ts';
import type { Reaction } from '../reaction.ts';
import type { ModelConnection } from '../session/model-connection.ts';
import type { TurnWindow } from '../turns/turn-window.ts';
import type { Expected } from '../watchdog/expectation.ts';
import { greetingRequest, heardOnly, type Prompt, requestFor } from './prompts.ts';
import type { UnheardWords } from './unheard-words.ts';

/** How many prompts may wait for the next session, or for the end of the caller's turn. Most are results of tools, and there can be fewer of those. */
const waitingMax = 20;

/** These say themselves what was heard, or begin anew. */
const selfContained: ReadonlySet<PromptName> = new Set<PromptName>(['greeting', 'goOn', 'goOnUnheard']);

/** Tells the model in the middle of the call what it must speak about: at once, or as soon as there is a session. */
export class Prompter {
  readonly #greeting: string;
  readonly #connection: ModelConnection;
  readonly #window: TurnWindow;
  readonly #turn: ModelTurn;
  readonly #unheard: UnheardWords;
  readonly #reaction: Reaction;
  /** What the model must be told as soon as it can be. */
  #waiting: Prompt[] = [];
  /** The last sentence of an operator. */
  #sentence: Prompt | null = null;
  #toldMs = -Infinity;

  constructor(
    greeting: string,
    connection: ModelConnection,
    window: TurnWindow,
    turn: ModelTurn,
    unheard: UnheardWords,
    reaction: Reaction,
  ) {
    this.#greeting = greeting;
    this.#connection = connection;
    this.#window = window;
    this.#turn = turn;
    this.#unheard = unheard;
    this.#reaction = reaction;
  }

  /** Whether there is a model to tell something. */
  get isHeard(): boolean {
    return this.#connection.isOpen;
  }

  /** How long ago the model was told something, in ms: that cuts it off. */
  get sinceToldMs(): number {
    return this.#reaction.nowMs - this.#toldMs;
  }

  /** Asks for the words with which the agent greets the caller. */
  get greeting(): Prompt {
    return greetingRequest(this.#greeting);
  }

  /** Tells the model something to which it answers at once, if there is a model. */
  tellNow(prompt: Prompt): boolean {
    return this.tellTogether([prompt]);
  }

  /** Tells the model something that must not be lost: at once, or the next session, if there is none now. */
  tell(prompt: Prompt): void {
    if (!this.tellNow(prompt)) this.#keep(prompt);
  }

  #keep(prompt: Prompt): void {
    if (this.#waiting.some(({ text }) => text === prompt.text)) return;
    this.#waiting = [...this.#waiting, prompt].slice(-waitingMax);
  }

  /** Asks for what is expected, unless the end of the caller's turn will ask. `words`: what the model has said of its present reply. */
  askFor(expected: Expected | null, words: string): void {
    if (this.#window.isOpen) return;
    const sentence = expected === 'sentence' ? this.#sentence : null;
    this.tellNow(sentence ?? requestFor(expected, this.#greeting, words));
  }

  /** A session is there, or the caller's turn is over: the model is told what has waited for that. Returns whether anything has. */
  tellWaiting(): boolean {
    const prompts = this.#waiting.splice(0);
    return prompts.length > 0 && this.tellTogether(prompts);
  }

  /** A session that greets begins anew. */
  forgetWaiting(): void {
    this.#waiting = [];
  }

  /**
   * Tells the model several things, to which it answers together, if there is a model. In the middle of a turn that is marked, text would
   * close the session (GM-VAD-6): it waits for the end of the turn, and what cannot wait ends it.
   */
  tellTogether(prompts: readonly Prompt[]): boolean {
    if (!this.isHeard) return false;
    if (this.#window.isOpen && !prompts.some(({ name }) => name === 'timeIsUp')) {
      for (const prompt of prompts) this.#keep(prompt);
      return true;
    }
    if (this.#window.isOpen) this.#window.end();
    this.#sentence = prompts.find(({ name }) => name === 'operatorSentence') ?? this.#sentence;
    this.#turn.mayRepeat();
    this.#toldMs = this.#reaction.nowMs;
    const all = this.#withWhatWasHeard(prompts);
    this.#reaction.do({
      type: 'model.sendText',
      prompts: all.map(({ name }) => name),
      text: all.map(({ text }) => text).join('\n'),
    });
    return true;
  }

  #withWhatWasHeard(prompts: readonly Prompt[]): readonly Prompt[] {
    if (prompts.some(({ name }) => selfContained.has(name))) return prompts;
    const note = this.#unheard.take('text');
    return note === null ? prompts : [heardOnly(note), ...prompts];
  }
}
