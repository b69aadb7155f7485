import type { CallReport } from '../../sim/carrier/call-report.ts';
import type { CarrierNote } from '../../sim/carrier/carrier-events.ts';
import type { CallTarget } from './target.ts';

/** Why the caller got no answer, in one line; null for a call that was answered. Only then the caller's script comes to its end. */
export function problemOf({ timeline, streams, endReason }: CallReport, { program }: CallTarget): string | null {
  const gaveUp = timeline.some(({ kind }) => kind === 'caller.gaveUpWaiting');
  if (endReason === 'callerHungUp' && !gaveUp) return null;
  const log = program === 'Parley' ? ' The log of Parley says more.' : '';
  const failed = timeline.find((note) => note.kind === 'webhook.failed' && note.purpose === 'voice');
  if (failed?.kind === 'webhook.failed') {
    return failed.detail.includes('status 403')
      ? `${program} did not take the signature: run this with the PUBLIC_URL and TWILIO_AUTH_TOKEN it runs with.`
      : `${program} did not answer the voice webhook: ${failed.detail}.${log}`;
  }
  if (endReason === 'rejected') return `${program} refused the call with the busy tone${whyFull(program)}`;
  const words = lastWords(timeline);
  const instead = timeline.find(({ kind }) => kind === 'verb.say' || kind === 'dial.started');
  // Without an apology before it, this is how Parley refuses a call.
  if (streams.length === 0 && instead?.kind === 'dial.started')
    return `${program} refused the call and had ${instead.to} dialled${whyFull(program)}`;
  if (words !== null) return `${program} had "${words}" said instead of an answer.${log}`;
  if (streams.length === 0)
    return `The media stream did not start. Run this with the PUBLIC_URL that it runs with.${log}`;
  if (endReason === 'applicationError') return `${program} went away during the call.`;
  return gaveUp ? 'The agent did not answer in time.' : `The call was over before the agent had answered it.${log}`;
}

function whyFull(program: CallTarget['program']): string {
  return program === 'Parley' ? ': it is full or draining. Its log says which.' : '.';
}

/** What the phone network says when there is no agent any more: before the stream it may just be a welcome. */
function lastWords(timeline: readonly CarrierNote[]): string | null {
  const streamed = timeline.findLastIndex(({ kind }) => kind === 'stream.started');
  const said = timeline.slice(streamed + 1).find(({ kind }) => kind === 'verb.say');
  return said?.kind === 'verb.say' ? said.text : null;
}
