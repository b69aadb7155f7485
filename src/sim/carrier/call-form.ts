import type { CallIdentity } from './carrier-settings.ts';
import type { CallStatus, FormFields } from './carrier-events.ts';
import type { HttpMethod } from './http-method.ts';
import type { StreamLeg, StreamStatus } from './stream/stream-leg.ts';
import { twilioDate } from './twilio-date.ts';

const places = ['City', 'State', 'Zip', 'Country'];

/** The fields that every voice webhook of an inbound call carries (TW-HOOK-1). */
export function callForm(call: CallIdentity, status: CallStatus, method: HttpMethod): FormFields {
  const parties = { From: call.from, Caller: call.from, To: call.to, Called: call.to };
  // Twilio looks a place up where it can, and sends an empty field where it cannot.
  const geography = Object.keys(parties).flatMap((party) =>
    places.map((place) => [party + place, place === 'Country' ? 'US' : '']),
  );
  return {
    AccountSid: call.accountSid,
    ApiVersion: '2010-04-01',
    CallSid: call.callSid,
    CallStatus: status,
    Direction: 'inbound',
    ...parties,
    ...Object.fromEntries(geography),
    // Twilio adds fields without notice: a server that knows them all would break on this one.
    SimulatedNewField: 'yes',
    ...(method === 'POST' ? { CallToken: callToken(call) } : {}),
    ...call.extraFields,
  };
}

/** The fields that the `completed` status callback has besides (TW-HOOK-5). Billing counts begun minutes. */
export function statusForm(durationMs: number, endedAtUnixMs: number): FormFields {
  const durationSeconds = Math.round(durationMs / 1000);
  return {
    CallDuration: String(durationSeconds),
    Duration: String(Math.ceil(durationSeconds / 60)),
    CallbackSource: 'call-progress-events',
    SequenceNumber: '0',
    Timestamp: twilioDate(endedAtUnixMs),
  };
}

/** The fields of a `<Stream statusCallback>`; a stream without a name is named by its SID (TW-HOOK-5). */
export function streamStatusForm(
  call: CallIdentity,
  leg: StreamLeg,
  status: StreamStatus,
  atUnixMs: number,
): FormFields {
  return {
    AccountSid: call.accountSid,
    CallSid: call.callSid,
    StreamSid: leg.streamSid,
    StreamName: leg.noun.name ?? leg.streamSid,
    StreamEvent: status.type,
    ...(status.type === 'stream-error' ? { StreamError: status.error } : {}),
    Timestamp: new Date(atUnixMs).toISOString(),
  };
}

function callToken(call: CallIdentity): string {
  return encodeURIComponent(
    JSON.stringify({ parentCallInfoToken: `simulated-${call.callSid}`, identityHeaderTokens: [] }),
  );
}
