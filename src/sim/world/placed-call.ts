import type { MulawCodec } from '../../audio/mulaw.ts';
import { Caller } from '../caller/caller.ts';
import type { Handset } from '../caller/handset.ts';
import { CarrierCall } from '../carrier/carrier-call.ts';
import type { WebhookPurpose } from '../carrier/carrier-events.ts';
import { ConferenceBridge } from '../carrier/conference/conference-bridge.ts';
import { type NextRandom, randomSid, seededRandom } from '../seeded-random.ts';
import type { RestAccount, RestCall } from '../carrier/rest/rest-account.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { WorldScenario } from '../scenario/world-scenario.ts';

/** The parties of a simulated call. */
const identity = { accountSid: `AC${'0'.repeat(32)}`, from: '+15550123', to: '+15550199' };

/** Where the phone network believes the service to be. */
export const origin = 'https://parley.example';

/** The number's fallback lies elsewhere, so that it is there when the service is not (TW-HOOK-3). */
export const fallbackUrl = 'https://fallback.example/voice';

/** What time 0 of a simulated call is on the calendar. */
export const zeroUnixMs = Date.UTC(2026, 0, 1);

/** Whether the service answers at this URL; nobody does at any other but the fallback's. */
export function isOfService(url: string): boolean {
  return new URL(url, origin).origin === origin;
}

/** Makes who calls, who tells of each clip that begins. */
export type MakeCaller = (onSay: (clip: string) => void) => Handset;

/** The caller of a scenario, who follows its script. */
export function scriptedCaller({ caller: script, sounds, seed }: WorldScenario, codec: MulawCodec): MakeCaller {
  // The noise draws numbers of its own, so that it does not change the jitter.
  return (onSay) => new Caller({ script, clips: sounds.caller, codec, nextRandom: seededRandom(~seed), onSay });
}

/** The phone network's side of a simulated call: its caller, and the webhooks of the number that was called. */
export function placedCall(
  { dialOutcomes, number, speechResults }: WorldScenario,
  caller: Handset,
  faults: FaultPlan,
  nextRandom: NextRandom,
): CarrierCall {
  const call = { ...identity, callSid: randomSid('CA', nextRandom) };
  return new CarrierCall({
    call,
    number: {
      voiceUrl: `${origin}/twilio/voice${number.voiceOverrides}`,
      ...(number.fallbackTwiml !== null && { voiceFallbackUrl: fallbackUrl }),
      statusCallbackUrl: `${origin}/twilio/status`,
      duplicateVoiceWebhook: faults.all('voiceTwice')[0]?.answers ?? 'never',
    },
    caller,
    dialOutcomes,
    ownedNumbers: [],
    actionAfterHangUp: faults.has('actionAfterHangUp'),
    nextRandom,
    speechResults,
    oddities: faults.all('mediaOdd')[0] ?? {},
    zeroUnixMs,
  });
}

/** The conferences of the account, and the source of their identifiers: numbers of their own, so that they do not change the jitter. */
export function accountConferences({ dialOutcomes, seed }: WorldScenario): {
  readonly bridge: ConferenceBridge;
  readonly nextRandom: NextRandom;
} {
  const nextRandom = seededRandom(seed ^ 0x5a5a);
  const { accountSid } = identity;
  return { bridge: new ConferenceBridge({ accountSid, dialOutcomes, nextRandom, zeroUnixMs }), nextRandom };
}

/** The account as its REST interface knows it: one call, and the conferences. `update`: what the interface does to the call. */
export function accountOf(
  carrier: CarrierCall,
  update: RestCall['update'],
  conferences: NonNullable<RestAccount['conferences']>,
): RestAccount {
  const { accountSid, callSid } = carrier.identity;
  const call = (): RestCall => ({ ...carrier.identity, status: carrier.status, update });
  return {
    accountSid,
    callBySid: (sid) => (sid === callSid ? call() : undefined),
    callSids: () => [callSid],
    conferences,
  };
}

/** The path of a webhook with its query, and why the phone network requests it. A fragment is never sent (TW-HOOK-6). */
export function webhookOf(url: string): { readonly path: string; readonly purpose: WebhookPurpose } {
  const { pathname, search } = new URL(url, origin);
  const path = pathname + search;
  if (pathname.endsWith('/stream-ended')) return { path, purpose: 'connectAction' };
  if (pathname.endsWith('/stream-status')) return { path, purpose: 'streamStatus' };
  if (pathname.endsWith('/callee')) return { path, purpose: 'callee' };
  if (pathname.endsWith('/dial-ended')) return { path, purpose: 'dialAction' };
  if (pathname.endsWith('/voicemail-ended')) return { path, purpose: 'recordAction' };
  if (pathname.endsWith('/recording')) return { path, purpose: 'recordingStatus' };
  return { path, purpose: pathname.endsWith('/status') ? 'callStatus' : 'voice' };
}
