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
  ['answerAskedFor', () => 'asks the model to answer the caller'],
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
  ['modelGoingAway', ({ timeLeftMs }) => `learns that the model session ends in ${spanText(Number(timeLeftMs))}`],
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
  [
    'agentCut',
    ({ cause, heardMs, sentMs }) =>
      `stops the agent${cutWords.get(String(cause)) ?? ''}: ${spanText(Number(heardMs))} of the ${spanText(Number(sentMs))} that were sent were heard`,
  ],
  [
    'callee',
    ({ callee, attempt }) => `${calleeWords.get(String(callee)) ?? String(callee)} (attempt ${String(attempt)})`,
  ],
  [
    'restored',
    ({ elapsedMs, instruction }) =>
      `goes on with the call after ${spanText(Number(elapsedMs))}; Twilio was last told: ${String(instruction)}`,
  ],
  ['redirectFailed', ({ fault }) => `could not redirect the call (${String(fault)})`],
  ['frameRejected', ({ fault }) => `leaves out a message that it cannot read (${String(fault)})`],
  ['toolNotRun', ({ why }) => `does not run the tool: ${notRunWords.get(String(why)) ?? String(why)}`],
  ['toolFailed', ({ fault }) => `has the model know that the tool failed (${String(fault)})`],
  ['transcriptRepeated', () => 'leaves out words of the caller that the model wrote down twice'],
  [
    'picturesShown',
    ({ pictures, refused }) =>
      `let ${String(pictures)} pictures of the caller through to the model, and ${String(refused)} not`,
  ],
  ['gaveUp', ({ cause }) => `gives up on the model (${String(cause)})`],
]);

/** What Parley does with whoever is called, by how far that has come. */
const calleeWords: ReadonlyMap<string, string> = new Map([
  ['asked', 'asks whoever answered to press 1'],
  ['accepted', 'connects whoever answered, who has pressed 1'],
  ['declined', 'turns away whoever answered, who has pressed another key'],
  ['silent', 'turns away whoever answered, who has pressed nothing'],
]);

/** For what the agent is stopped, if not for the caller. */
const cutWords: ReadonlyMap<string, string> = new Map([
  ['timeIsUp', ' because the call has reached its longest duration'],
  ['repeated', ', which repeats itself'],
  ['operator', ' for an operator'],
]);

/** Why a tool that the model calls is not run. */
const notRunWords: ReadonlyMap<string, string> = new Map([
  ['repeated', 'it was called with the same id before'],
  ['tooMany', 'too many calls of it are open'],
  ['spent', 'this call has run as many as it may'],
  ['joined', 'it runs already, and its answer serves both'],
  ['known', 'it was run before, and its answer is known'],
  ['unconfirmed', 'the caller has not agreed to it'],
  ['unknown', 'it was run before, and nobody knows what came of it'],
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
