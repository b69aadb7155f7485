import { spanText } from './span-text.ts';
import { valueWords } from './value-words.ts';

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
  ['heardTold', ({ by }) => `has the model know how much of its cut reply was heard, ${valueWords('heardWay', by)}`],
  ['heardUntold', () => 'had no occasion to tell the model how much of its cut reply was heard'],
  ['answerAskedFor', () => 'asks the model to answer the caller'],
  ['wordsSaidAgain', ({ ms }) => `says the caller's last ${spanText(Number(ms))} to the model once more`],
  [
    'modelLost',
    ({ fault, remedy }) =>
      `has lost the model session (${String(fault)}${remedy === 'none' ? '' : `; what may help: ${valueWords('remedy', remedy)}`})`,
  ],
  [
    'modelReopened',
    ({ how, expected }) => `${valueWords('opening', how)}; the caller waits for ${valueWords('expected', expected)}`,
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
  ['modelRotated', ({ cause }) => `replaces the model session, ${valueWords('rotation', cause)}`],
  ['escalated', ({ cause, step }) => `${valueWords('step', step)}, because ${valueWords('cause', cause)}`],
  ['operatorOrdered', ({ refusal }) => `does not do that: ${valueWords('refusal', refusal)}`],
  ['leaving', ({ exit }) => `leaves the call ${valueWords('exit', exit)}`],
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
      `stops the agent, ${valueWords('cut', cause)}: ${spanText(Number(heardMs))} of the ${spanText(Number(sentMs))} that were sent were heard`,
  ],
  ['callee', ({ callee, attempt }) => `${valueWords('callee', callee)} (attempt ${String(attempt)})`],
  [
    'restored',
    ({ elapsedMs, instruction }) =>
      `goes on with the call after ${spanText(Number(elapsedMs))}; Twilio was last told: ${valueWords('instruction', instruction)}`,
  ],
  ['redirectFailed', ({ fault }) => `could not redirect the call (${String(fault)})`],
  ['frameRejected', ({ fault }) => `leaves out a message that it cannot read (${String(fault)})`],
  ['toolNotRun', ({ why }) => `does not run the tool: ${valueWords('notRun', why)}`],
  ['toolFailed', ({ fault }) => `has the model know that the tool failed (${String(fault)})`],
  ['transcriptRepeated', () => 'leaves out words of the caller that the model wrote down twice'],
  [
    'picturesShown',
    ({ pictures, refused }) =>
      `let ${String(pictures)} pictures of the caller through to the model${refused === 0 ? '' : `, and ${String(refused)} not`}`,
  ],
  ['gaveUp', ({ cause }) => `gives up on the model, because ${valueWords('cause', cause)}`],
]);

/** A note of a call in words that say what Parley does: its subject is left out. */
export function noteWords(name: string, fields: Fields): string {
  const words = sentences.get(name);
  if (words !== undefined) return words(fields);
  const text = Object.entries(fields).map(([key, value]) => `${key} ${String(value)}`);
  return `notes ${[name, ...text].join(', ')}`;
}
