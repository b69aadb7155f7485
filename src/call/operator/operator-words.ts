import type { ModelTurn } from '../agent/model-turn.ts';
import type { Leg } from '../phone/leg.ts';
import type { Reaction } from '../reaction.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Memory, MemoryItem } from '../talk/memory.ts';
import type { Prompter } from '../talk/prompter.ts';
import { operatorNote, operatorSentence, type Prompt } from '../talk/prompts.ts';
import type { ToolWork } from '../tooling/tool-work.ts';
import type { TurnWindow } from '../turns/turn-window.ts';
import type { ResponseWatchdog } from '../watchdog/response-watchdog.ts';
import type { RequestRefusal } from './request-refusal.ts';

/** A page of text. Each turn of the model reads it again. */
const noteCharsMax = 2_000;

/** Half a minute of speech. */
const sentenceCharsMax = 500;

/** All notes of a call are in the instruction of each session that was not there: half of what a recap may take. */
const notesCharsMax = 8_000;

/** Each is spoken to its end before the next begins. */
const sentencesWaitingMax = 5;

/** Whoever orders words watches the call. A talk without a pause must not keep them waiting for longer. */
const quietMsMax = 5_000;

/**
 * What an operator has for the agent: notes, and sentences to say. The model hears of them when nobody speaks or waits, because a prompt
 * breaks off what it is saying (GM-CONTENT-1); and after a while although somebody does.
 */
export class OperatorWords {
  readonly #leg: Leg;
  readonly #conversation: Conversation;
  readonly #window: TurnWindow;
  readonly #memory: Memory;
  readonly #turn: ModelTurn;
  readonly #tools: ToolWork;
  readonly #watchdog: ResponseWatchdog;
  readonly #prompter: Prompter;
  readonly #reaction: Reaction;
  #notes: Prompt[] = [];
  #sentences: Prompt[] = [];
  #noteChars = 0;
  #isPatient = true;

  constructor(
    leg: Leg,
    conversation: Conversation,
    window: TurnWindow,
    memory: Memory,
    turn: ModelTurn,
    tools: ToolWork,
    watchdog: ResponseWatchdog,
    prompter: Prompter,
    reaction: Reaction,
  ) {
    this.#leg = leg;
    this.#conversation = conversation;
    this.#window = window;
    this.#memory = memory;
    this.#turn = turn;
    this.#tools = tools;
    this.#watchdog = watchdog;
    this.#prompter = prompter;
    this.#reaction = reaction;
  }

  /** The agent shall know this. Whoever talks for it after this session is told as well. */
  note(text: string): RequestRefusal | null {
    const refusal = refusalOf(text, noteCharsMax);
    if (refusal !== null) return refusal;
    if (this.#noteChars + text.length > notesCharsMax) return 'tooMuch';
    this.#noteChars += text.length;
    this.#memory.add({ kind: 'noted', atMs: this.#reaction.nowMs, text });
    this.#notes.push(operatorNote(text));
    this.#await();
    return null;
  }

  /** The call goes on where an earlier process left it. Before the greeting no instruction tells of notes, so they wait for it again. */
  restored(items: readonly MemoryItem[]): void {
    for (const item of items) {
      if (item.kind !== 'noted') continue;
      this.#noteChars += item.text.length;
      if (!this.#watchdog.hasGreeted) this.#notes.push(operatorNote(item.text));
    }
    if (this.#notes.length > 0) this.#await();
  }

  /** The agent shall say this. */
  say(text: string): RequestRefusal | null {
    const refusal = refusalOf(text, sentenceCharsMax);
    if (refusal !== null) return refusal;
    if (this.#sentences.length >= sentencesWaitingMax) return 'tooMuch';
    this.#sentences.push(operatorSentence(text));
    this.#await();
    return null;
  }

  #await(): void {
    if (this.#isPatient) this.#reaction.wait('operatorWords', quietMsMax);
  }

  /** No quiet moment came. */
  timedOut(): void {
    this.#isPatient = false;
  }

  /** After each event: whether this is the moment. All notes go together, and one sentence, which the agent shall first have said. */
  advance(): void {
    const sentence = this.#sentences[0];
    if ((this.#notes.length === 0 && sentence === undefined) || !this.#isMoment) return;
    const isHeard = !this.#conversation.agentIsSilent || this.#turn.isGenerating;
    if (isHeard) this.#conversation.cutAgent('operator');
    this.#prompter.tellTogether([...this.#notes, ...(sentence === undefined ? [] : [sentence])]);
    this.#notes = [];
    this.#sentences.shift();
    this.#isPatient = true;
    this.#reaction.stopWaiting('operatorWords');
    if (this.#sentences.length > 0) this.#await();
    // A note alone calls for no words.
    if (sentence !== undefined) this.#watchdog.expect('sentence');
  }

  get #isMoment(): boolean {
    if (!this.#leg.isTalking || !this.#prompter.isHeard || !this.#watchdog.hasGreeted) return false;
    // A prompt would cancel a tool for which the model waits (GM-TOOL-3).
    if (!this.#isPatient) return !this.#tools.isAwaited && !this.#window.isOpen;
    return !this.#watchdog.isActive && this.#conversation.agentIsSilent;
  }
}

function refusalOf(text: string, charsMax: number): RequestRefusal | null {
  if (text.length > charsMax) return 'tooLong';
  return text.trim() === '' ? 'nothingSaid' : null;
}
