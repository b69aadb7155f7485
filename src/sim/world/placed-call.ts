import type { MulawCodec } from '../../audio/mulaw.ts';
import { Caller } from '../caller/caller.ts';
import { CarrierCall } from '../carrier/carrier-call.ts';
import type { WebhookPurpose } from '../carrier/carrier-events.ts';
import { type NextRandom, randomSid, seededRandom } from '../carrier/seeded-random.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { WorldScenario } from './world-scenario.ts';

const identity = { accountSid: `AC${'0'.repeat(32)}`, from: '+15550123', to: '+15550199' };

/** Where the phone network believes the service to be. */
const origin = 'https://parley.example';

/** The phone network's side of a simulated call: its caller, and the webhooks of the number that was called. */
export function placedCall(
  { caller: script, dialOutcomes, seed, sounds }: WorldScenario,
  codec: MulawCodec,
  faults: FaultPlan,
  nextRandom: NextRandom,
): CarrierCall {
  return new CarrierCall({
    call: { ...identity, callSid: randomSid('CA', nextRandom) },
    number: {
      voiceUrl: `${origin}/twilio/voice`,
      statusCallbackUrl: `${origin}/twilio/status`,
      duplicateVoiceWebhook: faults.all('voiceTwice')[0]?.answers ?? 'never',
    },
    // The noise draws numbers of its own, so that it does not change the jitter.
    caller: new Caller({ script, clips: sounds.caller, codec, nextRandom: seededRandom(~seed) }),
    dialOutcomes,
    ownedNumbers: [],
    actionAfterHangUp: faults.has('actionAfterHangUp'),
    nextRandom,
    zeroUnixMs: Date.UTC(2026, 0, 1),
  });
}

/** The path of a webhook, and why the phone network requests it. */
export function webhookOf(url: string): { readonly path: string; readonly purpose: WebhookPurpose } {
  const path = url.slice(origin.length);
  if (path.endsWith('/stream-ended')) return { path, purpose: 'connectAction' };
  if (path.endsWith('/dial-ended')) return { path, purpose: 'dialAction' };
  return { path, purpose: path.endsWith('/status') ? 'callStatus' : 'voice' };
}
