import type { EndReason } from '../../call/effects.ts';
import type { TwilioCode } from '../carrier/twilio-codes.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';

/** A call is given up only where webhooks, streams or the REST interface fail. */
export function explainsEnd(faults: FaultPlan, reason: EndReason): boolean {
  switch (reason) {
    case 'redirectFailed':
      return faults.has('restRefused');
    case 'dialTimedOut':
    case 'streamNeverStarted':
      return faults.hasOutage || faults.has('webhookLost', 'webhookLate', 'stall');
    default:
      return true;
  }
}

/** Whether a fault of ours that is none of the service's explains this problem. */
export function explainsProblem(faults: FaultPlan, code: TwilioCode): boolean {
  switch (code) {
    case 31903:
      // Over a link that stalls, a closing handshake takes too long and the connection is cut.
      return faults.hasOutage || faults.has('streamLost', 'streamZombie', 'stall');
    case 31901:
    case 31902:
      return faults.hasOutage;
    case 31920:
      return faults.has('streamRefused') || faults.hasOutage;
    case 31924:
      return faults.has('streamHalfOpen');
    case 31921:
      // A stream that brings nothing but garbage is closed. One that was displaced or lost before its start message came may use up the
      // token of the next, which is then refused and asked for again.
      // One that comes to a call which has broken meanwhile is refused.
      // A service that is restarted says so with the code of its closes, and one that takes another's place knows none of its tokens.
      return faults.hasOutage || faults.hasBroken || faults.has('mediaGarbage', 'voiceTwice', 'streamLost');
    case 11200:
    case 11205:
    case 15003:
      return faults.hasOutage || faults.has('webhookLost', 'webhookLate');
    default:
      return false;
  }
}
