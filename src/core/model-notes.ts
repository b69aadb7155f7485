import type { FailedTransfer } from './phase.ts';

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
