import { spanText } from './span-text.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The notes about barge-in, model sessions and orders, as an operator wants to read them. */
const sentences: ReadonlyMap<string, (fields: Fields) => string> = new Map<string, (fields: Fields) => string>([
  [
    'bargeIn',
    ({ by, heardMs, sentMs }) =>
      `stops the agent${by === 'ear' ? ' by its own ear' : ''}${sentMs === 0 ? ' before it begins' : `: ${spanText(Number(heardMs))} of the ${spanText(Number(sentMs))} that were sent were heard`}`,
  ],
  [
    'bargeInIgnored',
    ({ by, why }) =>
      `has the agent go on${by === 'model' ? ', though the model stopped' : ''}: the caller's sound is no more than ${why === 'hum' ? 'a hum' : 'noise'}`,
  ],
  ['heardTold', ({ by }) => `has the model know how much of its cut reply was heard (${String(by)})`],
  ['heardUntold', () => 'had no occasion to tell the model how much of its cut reply was heard'],
  ['answerAskedFor', () => 'asks the model to answer the caller for whom the agent stopped'],
  ['wordsSaidAgain', ({ ms }) => `says the caller's last ${spanText(Number(ms))} to the model once more`],
  [
    'modelLost',
    ({ fault, remedy }) =>
      `has lost the model session (${String(fault)}${remedy === 'none' ? '' : `; what may help: ${String(remedy)}`})`,
  ],
  [
    'modelReopened',
    ({ how, expected }) => `has another session (${String(how)}); the caller waits for ${expectedText(expected)}`,
  ],
  [
    'turnMarked',
    ({ cause, ms }) => {
      const after = `after ${spanText(Number(ms))}`;
      if (cause === 'tooLong') return `ends the turn of a caller who seems to speak for ever, ${after}`;
      if (cause === 'leaving') return `ends the turn of the caller for the goodbye, ${after}`;
      return `tells the model that the caller has finished, ${after}`;
    },
  ],
  ['modelRotated', ({ cause }) => `replaces the model session (${String(cause)})`],
  ['escalated', ({ cause, step }) => `takes the next step (${String(step)}), because of: ${String(cause)}`],
  ['operatorOrdered', ({ refusal }) => `does not do that (${String(refusal)})`],
  ['leaving', ({ exit }) => `leaves the call (${String(exit)})`],
  ['callerAsked', () => 'has the agent ask whether the caller is still there'],
  ['marksLost', ({ marks }) => `gives up ${String(marks)} marks that never came back`],
  ['agentSoftened', ({ byDb }) => `makes the agent ${byDb === 0 ? 'as loud as before' : `${String(byDb)} dB softer`}`],
  ['agentTakenBack', ({ unheardMs }) => `takes back ${spanText(Number(unheardMs))} that the caller has not heard`],
  [
    'replyWaited',
    ({ ms, isSaid }) =>
      isSaid === true
        ? `begins the reply, which has waited ${spanText(Number(ms))} for the caller`
        : `drops the reply, which has waited ${spanText(Number(ms))} for the caller and was not heard`,
  ],
  ['gaveUp', ({ cause }) => `gives up on the model (${String(cause)})`],
]);

/** What the caller waits for from the agent; anything else stands for itself. */
const expectedWords: ReadonlyMap<string, string> = new Map([
  ['greeting', 'the greeting'],
  ['answer', 'an answer'],
  ['question', 'a question'],
  ['rest', 'the rest of the reply'],
  ['toolResult', 'what the tool answered'],
  ['sentence', 'the sentence of an operator'],
  ['anything', 'a reply of any kind'],
]);

function expectedText(expected: unknown): string {
  return expectedWords.get(String(expected)) ?? String(expected);
}

/** A note of a call in words that say what Parley does: its subject is left out. */
export function noteWords(name: string, fields: Fields): string {
  const words = sentences.get(name);
  if (words !== undefined) return words(fields);
  const text = Object.entries(fields).map(([key, value]) => `${key} ${String(value)}`);
  return `notes ${[name, ...text].join(', ')}`;
}
