import type { ToolCall, ToolResponse } from '../events.ts';
import type { FailedTransfer } from '../phone/phase.ts';
import type { Owed } from '../watchdog/reply-watch.ts';

/** What the model is told when the call has been answered: it speaks first (GM-GREET-1). */
export function greetingRequest(greeting: string): string {
  return `[The call was just answered. Greet the caller now with exactly these words: "${greeting}" Do not read this note aloud.]`;
}

/** What the model is told when the call has reached its longest duration. */
export const timeIsUp =
  '[The longest duration of a call is reached and the line closes now. Say one short, friendly goodbye, and nothing more. Do not read this note aloud.]';

/** What the model is told when the stream broke while the agent spoke, and the caller is back. */
export const lineDropped =
  '[The line dropped for a moment, and the caller did not hear the end of what you said. Say that part again, briefly. Do not read this note aloud.]';

/** What the model is told when neither side has said anything for long. */
export const callerIsSilent =
  '[Nobody has said anything for a while: the line may have swallowed what the caller said. Ask in a few words whether the caller is still there. Do not read this note aloud.]';

/** What the model is told when a transfer reached nobody and the caller is back. */
export function transferFailed({ destination, outcome }: FailedTransfer): string {
  const why = {
    busy: 'the line was busy',
    noAnswer: 'nobody answered',
    failed: 'the connection failed',
    canceled: 'the connection was cancelled',
  }[outcome];
  return `[The transfer to "${destination}" did not work: ${why}. The caller is back with you. Say so in one sentence and offer what you can do. Do not read this note aloud.]`;
}

/** What the model is told so that it gives what it owes. `words`: what it has said of its present reply. */
export function requestFor(owed: Owed | null, greeting: string, words: string): string {
  switch (owed) {
    case 'greeting':
      return greetingRequest(greeting);
    case 'rest':
      return goOnRequest(words);
    case 'toolResult':
      return resultsRequest;
    case 'question':
      return callerIsSilent;
    case 'anything':
      return lineDropped;
    case 'answer':
    case null:
      return answerRequest;
  }
}

const answerRequest =
  '[The caller has finished speaking and waits. Answer now. If you did not understand, ask the caller to say it again. Do not read this note aloud.]';

function goOnRequest(words: string): string {
  const said = words === '' ? '' : ` The caller heard: "${words}".`;
  return `[Your last reply broke off.${said} Go on right there, without repeating it and without a greeting. Do not read this note aloud.]`;
}

const resultsRequest = '[The caller waits for what your tools found out. Say it now. Do not read this note aloud.]';

/** What the model is told when the result of a tool came that an earlier session had asked for. */
export function strayResult(call: Pick<ToolCall, 'name' | 'args'>, response: ToolResponse): string {
  return `[The tool ${call.name} ${JSON.stringify(call.args)} has answered: ${JSON.stringify(response)}. Tell the caller. Do not read this note aloud.]`;
}

/** What a new session's instruction says of the call so far; null when there is nothing to say. */
export function accountNote(account: string | null, isResumed: boolean, running: readonly ToolCall[]): string | null {
  const parts = [
    ...(account === null ? [] : [`${isResumed ? 'Beside what you remember, this' : 'This'} was said on it:`, account]),
    ...running.map(
      ({ name, args }) => `The tool ${name} ${JSON.stringify(args)} is still running. Its result follows.`,
    ),
  ];
  return ['You are in the middle of a phone call. Do not greet the caller again.', ...parts].join('\n');
}
