import type { Clip } from '../../src/sim/model/speech/speech-plan.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { greetingRequest } from '../../src/call/talk/prompts.ts';

/** What every caller hears first. */
export const greeting = 'Hello.';

/** A conversation goes on for a minute, with a turn every two seconds; a restored one begins again. */
const questions = 60;

/** The agent's voice: as long as a short sentence. */
const voiceMs = 700;
const voiceHz = 620;
const voiceAmplitude = 4_600;

/** What the caller of a conversation tells. */
function orderOf(conversation: number): string {
  return `order-${conversation}`;
}

/** The conversations whose order a text names. */
export function ordersIn(text: string): number[] {
  return [...text.matchAll(/order-(\d+)/g)].map(([, number]) => Number(number));
}

/** The conversations that a text speaks of. */
export function conversationsIn(text: string): number[] {
  return [...text.matchAll(/(?:order|desk)-(\d+)/g)].map(([, number]) => Number(number));
}

/** A tool that the model calls, with what it says. */
export interface ConversationTool {
  readonly name: string;
  readonly args: Readonly<Record<string, string>>;
}

/**
 * One conversation: the caller tells the order, has the agent use a tool, and asks about the order until the call is over. `toolFor` says what
 * tool is used for the question with a number, counted from 0; null for none.
 */
export function conversationScript(
  conversation: number,
  toolFor: (question: number) => ConversationTool | null,
): ScriptInput {
  const order = orderOf(conversation);
  return {
    setupMs: 100,
    latencyMs: 150,
    heardMs: 100,
    // What Parley asks for does not use up a turn: the caller's order must come as what the caller said.
    replies: [
      { to: greetingRequest(greeting).text, turn: { steps: [say(`Hello, desk-${conversation}.`)] } },
      { to: 'Do not read this note aloud', turn: { steps: [say(`We go on, desk-${conversation}.`)] } },
    ],
    turns: [
      { heard: `My number is ${order}.`, steps: [say(`Thank you, ${order} is noted.`)] },
      ...Array.from({ length: questions }, (_, at) => {
        const tool = toolFor(at);
        const answer = say(`Answer ${at} about ${order}.`);
        const steps = tool === null ? [answer] : [{ call: { ...tool, answered: [answer] } }];
        return { heard: `Question ${at} about ${order}.`, steps };
      }),
    ],
  };
}

function say(text: string) {
  return { say: 'voice', text };
}

/** The agent's voice by the name that scripts of conversations use. */
export function conversationClips(): ReadonlyMap<string, Clip> {
  const samples = new Int16Array(voiceMs * 24).map(
    (_, at) => voiceAmplitude * Math.sin((2 * Math.PI * voiceHz * at) / 24_000),
  );
  return new Map([['voice', { pcm: new Uint8Array(samples.buffer), text: '' }]]);
}
