import { missedOutcomeWords } from '../../call/phone/missed-outcome-words.ts';
import type { CallCourse, VainTransfer } from './call-course.ts';

/** Some sentences. What else happened stands in the log. */
const whyCharsMax = 700;

/** A caller who hangs up sooner after the last words was not made to wait. */
const waitMsMin = 3_000;

/** What it means when no session of the model could be had, as the beginning of a sentence. */
const lossWords: ReadonlyMap<string, string> = new Map([
  ['model.unreachable', 'The model could not be reached'],
  ['model.setupTimeout', 'The model did not answer when a session was opened'],
  ['model.setupRefused', 'The model refused the session'],
  ['model.setupInvalid', 'The model did not accept the settings of the session'],
  ['model.keyRefused', 'Google refused the key or the sign-in'],
  ['model.quotaExceeded', "The model's quota was used up"],
  ['model.creditsDepleted', 'The Google project had no credit left'],
  ['model.notFound', 'Google does not have the model, or not for this key'],
  ['model.overBudget', 'The model sent more than a session may'],
]);

/** What the model failed to do, by the cause for which it was given up. */
const unsaidWords: ReadonlyMap<string, string> = new Map([
  ['greeting', 'it did not say the greeting'],
  ['answer', 'it gave no answer'],
  ['question', 'it did not ask whether the caller was still there'],
  ['rest', 'it did not finish its reply'],
  ['toolResult', 'it did not tell what a tool had answered'],
]);

/** What was wrong with a model that was given up although it spoke, by the cause, as the beginning of a sentence. */
const spokenWords: ReadonlyMap<string, string> = new Map([
  ['goAway', 'The model ended each session soon after it had begun'],
  ['repeatedTurn', 'The model said the same thing again and again, although its session was replaced'],
]);

/**
 * Why a call ended as it did, in sentences that somebody understands who does not know Parley. `waitedMs`: for how long the caller had
 * waited for an answer at the end; null when for none.
 */
export function whyItEnded(course: CallCourse, waitedMs: number | null): string {
  return [...ending(course, waitedMs), ...before(course)].join(' ').slice(0, whyCharsMax);
}

/** Codes of faults that led to the end, the gravest first. */
export function faultsOf({ faults, gaveUp, lastLoss }: CallCourse): readonly string[] {
  const first = gaveUp === null || lastLoss === null ? [] : [lastLoss];
  return [...new Set([...first, ...faults])];
}

function ending(course: CallCourse, waitedMs: number | null): string[] {
  switch (course.end) {
    case null:
      return [
        `Parley itself failed ${course.agentSpoke ? 'in the middle of the call' : 'before the agent had said anything'}, so the caller heard the apology.`,
      ];
    case 'callerHungUp':
      return [hungUp(course, waitedMs)];
    case 'agentHungUp':
      return [
        course.isTimeUp
          ? 'The call reached its longest duration, so the agent said goodbye.'
          : 'The agent said goodbye and hung up.',
      ];
    case 'endedByOperator':
      return ['An operator ended the call.'];
    case 'transferred':
      return [
        `The caller was connected with ${course.destination === null ? 'a destination' : quoted(course.destination)}.`,
      ];
    case 'apologised':
    case 'leftVoicemail':
      if (course.isAfterHours && course.gaveUp === null)
        return [`Nobody was there at this hour, and the caller left a message of ${seconds(course.messageMs)}.`];
      return [`${cause(course)}, ${consequence(course)}.`];
    case 'streamNeverStarted':
      return [
        course.streams > 0
          ? 'The sound of the call broke off, and Twilio never opened a stream for it again.'
          : 'Twilio was asked for the sound of the call and never opened the stream, so the caller heard nothing. Mostly a proxy or tunnel does not let WebSockets through.',
      ];
    case 'redirectFailed':
      return ['Twilio did not carry out what it was told to do with the call next, so the caller heard nothing more.'];
    case 'dialTimedOut':
      return ['The caller was being connected, and Twilio never said how that ended.'];
  }
}

function hungUp(course: CallCourse, waitedMs: number | null): string {
  const { destination, endedIn, lastOrder, sessionlessSinceMs, atMs } = course;
  if (endedIn === 'dialling') {
    const whom = destination === null ? 'the fallback number' : quoted(destination);
    return `The caller hung up while ${whom} was being called.`;
  }
  if (endedIn === 'recording') return 'The caller hung up without leaving a message.';
  if (endedIn === 'awaitingStream' && course.streams === 0) return 'The caller hung up before the call was connected.';
  const isLost = endedIn === 'betweenStreams' && course.endedByDeadline;
  if (isLost)
    return 'The sound of the call broke off and Twilio asked nothing more, so the caller has hung up or the line was lost.';
  if (sessionlessSinceMs !== null && atMs - sessionlessSinceMs >= waitMsMin && lastOrder === null) {
    const since = seconds(atMs - sessionlessSinceMs);
    const why =
      course.lastLoss === null ? 'The model session was still being opened' : lossCause(course, course.lastLoss);
    return `${why}, and the caller hung up after ${since} without the agent.`;
  }
  if (waitedMs !== null && waitedMs >= waitMsMin)
    return `The caller hung up after waiting ${seconds(waitedMs)} for an answer.`;
  if (!course.agentSpoke) return 'The caller hung up before the agent had said anything.';
  if (course.callerAsked > 0) {
    return `Nobody spoke, the agent asked ${often(course.callerAsked)} whether the caller was still there, and then the caller hung up.`;
  }
  if (!course.callerSpoke) return 'The caller hung up without saying anything.';
  return 'The caller hung up.';
}

/** Why the agent could not go on, as the beginning of a sentence. */
function cause(course: CallCourse): string {
  const { gaveUp, lastLoss, vainTransfers } = course;
  if (course.isDrained) return 'The service was being stopped';
  if ((gaveUp === 'modelLost' || gaveUp === 'modelOutage') && lastLoss !== null) return lossCause(course, lastLoss);
  if (gaveUp === 'modelLost' || gaveUp === 'modelOutage') return 'No session of the model could be had';
  if (gaveUp !== null) {
    const spoken = spokenWords.get(gaveUp);
    if (spoken !== undefined) return spoken;
    const unsaid = unsaidWords.get(gaveUp) ?? 'it did not say what the caller waited for';
    return `The model stayed silent: ${unsaid}, although it was asked again and its session was replaced`;
  }
  if (course.isTimeUp) return 'The call reached its longest duration';
  const transfer = vainTransfers.at(-1);
  if (transfer !== undefined)
    return `Nobody took the transfer to ${quoted(transfer.destination)} (${missedOutcomeWords[transfer.outcome]})`;
  if (course.streams === 0 && !course.isRestored) return 'Twilio could not open the stream with the sound of the call';
  if (course.streams > 1) return 'The sound of the call broke off again and again';
  return 'The agent could not go on';
}

function lossCause({ losses }: CallCourse, fault: string): string {
  const words = lossWords.get(fault);
  if (words !== undefined) return words;
  const times = losses.get(fault) ?? 1;
  return times === 1 ? 'The model closed its session' : `The model closed its session ${times} times`;
}

/** What became of the caller when the agent could not go on. */
function consequence({ end, lastOrder, lastDial, messageMs }: CallCourse): string {
  const heard = 'so the caller heard the apology';
  const dialled =
    lastDial === null || lastDial === 'connected'
      ? ''
      : `, nobody took the call at the fallback number (${missedOutcomeWords[lastDial]})`;
  if (end === 'leftVoicemail') return `${heard}${dialled}, and left a message of ${seconds(messageMs)}`;
  if (lastDial === 'connected') return `${heard} and was connected with the fallback number`;
  switch (lastOrder) {
    case null:
      return 'and the caller hung up before the apology';
    case 'dial':
      return `${heard} and was sent to the fallback number`;
    case 'record':
      return `${heard}${dialled}, and left no message`;
    case 'hangUp':
      return `${heard}${dialled}, and the call ended`;
  }
}

/** What else went wrong on the way. */
function before(course: CallCourse): string[] {
  const { failedTools, gaveUp, vainTransfers, recoveries, askedAgain, losses } = course;
  const said: string[] = [];
  for (const [name, times] of failedTools)
    said.push(`The tool ${quoted(name)} failed${times === 1 ? '' : ` ${times} times`}.`);
  const isTold = course.end === 'apologised' && gaveUp === null ? vainTransfers.at(-1) : undefined;
  for (const transfer of vainTransfers) if (transfer !== isTold) said.push(vain(transfer));
  if (recoveries > 0 && gaveUp === null && losses.size > 0)
    said.push(`A model session was lost ${often(total(losses))} and replaced (${[...losses.keys()].join(', ')}).`);
  if (askedAgain > 0 && gaveUp === null)
    said.push(`The model was silent and had to be asked again ${often(askedAgain)}.`);
  if (course.isRestored) said.push('Another process had the call before, and is gone.');
  return said;
}

function vain({ destination, outcome }: VainTransfer): string {
  return `Nobody took the transfer to ${quoted(destination)}: ${missedOutcomeWords[outcome]}.`;
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function often(count: number): string {
  if (count === 1) return 'once';
  return count === 2 ? 'twice' : `${count} times`;
}

function quoted(name: string): string {
  return `"${name}"`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
