import type { ToolCall, ToolResponse } from '../tooling/tool-call.ts';
import type { PromptName } from '../effects.ts';
import type { FailedTransfer, MissedOutcome } from '../phone/phase.ts';
import type { Expected } from '../watchdog/expectation.ts';
import { shortJson } from './memory.ts';

/** Something that the model is told in the middle of the call, and answers at once. */
export interface Prompt {
  readonly name: PromptName;
  readonly text: string;
}

/** The call has been answered: the model speaks first (GM-GREET-1). */
export function greetingRequest(greeting: string): Prompt {
  return {
    name: 'greeting',
    text: `[The call was just answered. Greet the caller now with exactly these words: "${greeting}" Do not read this note aloud.]`,
  };
}

/** The call has reached its longest duration. */
export const timeIsUp: Prompt = {
  name: 'timeIsUp',
  text: '[The longest duration of a call is reached and the line closes now. Say one short, friendly goodbye, and nothing more. Do not read this note aloud.]',
};

/** The stream broke while the agent spoke, or was away for long, and the caller is back. */
export const lineDropped: Prompt = {
  name: 'lineDropped',
  text: '[The line dropped for a moment, and the caller did not hear the end of what you said. Say that part again, briefly. Do not read this note aloud.]',
};

/** Neither side has said anything for long. */
export const callerIsSilent: Prompt = {
  name: 'callerIsSilent',
  text: '[Nobody has said anything for a while: the line may have swallowed what the caller said. Ask in a few words whether the caller is still there. Do not read this note aloud.]',
};

/** A transfer reached nobody and the caller is back. */
export function transferFailed({ destination, outcomes }: FailedTransfer): Prompt {
  const [first, ...others] = outcomes.map((outcome) => missedWords[outcome]);
  const why = others.length === 0 ? (first ?? '') : outcomes.map(tellOneOf).join('; ');
  return {
    name: 'transferFailed',
    text: `[The transfer to "${destination}" did not work: ${why}. The caller is back with you. Say so in one sentence and offer what you can do. Do not read this note aloud.]`,
  };
}

const missedWords: Readonly<Record<MissedOutcome, string>> = {
  busy: 'the line was busy',
  noAnswer: 'nobody answered',
  declined: 'somebody answered and did not take the call',
  notAccepted: 'the call was answered but not taken, probably by an answering machine',
  failed: 'the connection failed',
  canceled: 'the connection was cancelled',
};

/** Of several numbers, one after the other. */
function tellOneOf(outcome: MissedOutcome, index: number): string {
  return `at number ${index + 1} ${missedWords[outcome]}`;
}

/** Asks for what is expected of the model. `words`: what it has said of its present reply. */
export function requestFor(expected: Expected | null, greeting: string, words: string): Prompt {
  switch (expected) {
    case 'greeting':
      return greetingRequest(greeting);
    case 'rest':
      return goOn(words);
    case 'toolResult':
      return tellResults;
    case 'question':
      return callerIsSilent;
    // That of an operator; the prompter has it.
    case 'sentence':
    case 'anything':
      return lineDropped;
    case 'answer':
    case null:
      return answerNow;
  }
}

const answerNow: Prompt = {
  name: 'answerNow',
  text: '[The caller has finished speaking and waits. Answer now. If you did not understand, ask the caller to say it again. Do not read this note aloud.]',
};

/** So much of what was heard is told: the end of it, which says where the reply was cut. */
const heardCharsMax = 200;

/** What the model is told of a reply that was cut off after these words; null when those are not known. */
export function heardNote(words: string | null): string {
  return `When your reply was cut off, the caller had heard ${heardShare(words)} of it. Say the rest only if it is still needed.`;
}

function heardShare(words: string | null): string {
  if (words === null) return 'only the beginning';
  if (words === '') return 'nothing';
  const end = words.slice(-heardCharsMax);
  return words.length <= heardCharsMax ? `only: "${words}"` : `only: "…${end.slice(Math.max(0, end.indexOf(' ')))}"`;
}

/** The same in front of a text that is sent anyway. */
export function heardOnly(note: string): Prompt {
  return { name: 'heardOnly', text: `[${note} Do not read this note aloud.]` };
}

const goOnUnheard: Prompt = {
  name: 'goOnUnheard',
  text: '[Your last reply broke off. Go on right there, without repeating it and without a greeting. Do not read this note aloud.]',
};

function goOn(words: string): Prompt {
  if (words === '') return goOnUnheard;
  return {
    name: 'goOn',
    text: `[Your last reply broke off. The caller heard: "${words}". Go on right there, without repeating it and without a greeting. Do not read this note aloud.]`,
  };
}

const tellResults: Prompt = {
  name: 'tellResults',
  text: '[The caller waits for what your tools found out. Say it now. Do not read this note aloud.]',
};

/** The result of a tool came that an earlier session had asked for. */
export function strayResult(call: Pick<ToolCall, 'name' | 'args'>, response: ToolResponse): Prompt {
  return {
    name: 'strayResult',
    text: `[The tool ${call.name} ${JSON.stringify(call.args)} has answered: ${JSON.stringify(response)}. Tell the caller. Do not read this note aloud.]`,
  };
}

/** A note of an operator. */
export function operatorNote(text: string): Prompt {
  return {
    name: 'operatorNote',
    text: `[A note from your supervisor, which the caller does not hear: "${text}" Keep to it from here on. If it wants nothing to be said now, say nothing. Do not read this note aloud.]`,
  };
}

/** A sentence of an operator, for the caller. */
export function operatorSentence(text: string): Prompt {
  return {
    name: 'operatorSentence',
    text: `[Your supervisor has something to be said to the caller. Say now exactly these words, and nothing else: "${text}" Do not read this note aloud.]`,
  };
}

/** An operator transfers the caller: the agent announces it. */
export function operatorTransfer(destination: string): Prompt {
  return {
    name: 'operatorTransfer',
    text: `[Your supervisor connects the caller with "${destination}" now. Say so in one short sentence, and nothing more. Do not read this note aloud.]`,
  };
}

/** What a new session's instruction says of the call so far; null when there is nothing to say. `heard`: what it must know of a reply that was cut. */
export function recapNote(
  recap: string | null,
  isResumed: boolean,
  heard: string | null,
  running: readonly ToolCall[],
): string | null {
  const parts = [
    ...(recap === null ? [] : [`${isResumed ? 'Beside what you remember, this' : 'This'} was said on it:`, recap]),
    ...(heard === null ? [] : [heard]),
    ...running.map(({ name, args }) => `The tool ${name} ${shortJson(args)} is still running. Its result follows.`),
  ];
  return ['You are in the middle of a phone call. Do not greet the caller again.', ...parts].join('\n');
}
