import { type Fault, mediaGarbageKinds } from '../faults/fault.ts';
import type { Draw } from './draw.ts';

/** Draws what goes wrong around a call; on most calls that is little. */
export function seededFaults(draw: Draw): Fault[] {
  const faults: Fault[] = latencies(draw);
  for (let left = draw.oneOf([0, 1, 1, 2, 3, 5]); left > 0; left -= 1) faults.push(oneFault(draw));
  return faults;
}

function latencies(draw: Draw): Fault[] {
  const links = ['webhook', 'media', 'model', 'rest'] as const;
  return links.map((link) => ({
    fault: 'latency',
    link,
    ms: draw.chance(90) ? draw.int(0, 80) : draw.int(80, 600),
    jitterMs: draw.chance(50) ? draw.int(0, 40) : 0,
  }));
}

function oneFault(draw: Draw): Fault {
  const atMs = draw.int(0, 10_000);
  switch (draw.int(1, 19)) {
    case 1:
    case 2:
      return {
        fault: 'stall',
        link: draw.oneOf(['mediaIn', 'mediaOut', 'modelIn', 'modelOut']),
        atMs,
        forMs: draw.int(50, 3000),
      };
    case 3:
      return { fault: 'callerFramesLost', atMs, forMs: draw.int(20, 3000) };
    case 4:
      return { fault: 'marksLost', atMs, forMs: draw.int(200, 8000) };
    case 5:
      return { fault: 'mediaGarbage', atMs, kind: draw.oneOf(mediaGarbageKinds), count: draw.int(1, 8) };
    case 6:
      return { fault: 'mediaGarbage', atMs, kind: draw.oneOf(mediaGarbageKinds), count: 60 };
    case 7:
    case 8:
      return { fault: 'streamLost', atMs };
    case 9:
      return { fault: 'streamZombie', atMs };
    case 10:
      return { fault: 'streamRefused', times: draw.int(1, 7) };
    case 11:
      return {
        fault: 'webhookLate',
        purpose: draw.oneOf(['voice', 'connectAction', 'dialAction', 'callStatus']),
        // Beyond 10 s the service acts by itself; at 15 s Twilio gives up.
        byMs: draw.chance(50) ? draw.int(100, 9000) : draw.int(9000, 14_000),
      };
    case 12:
      return { fault: 'webhookLost', purpose: draw.oneOf(['connectAction', 'dialAction', 'callStatus']) };
    case 13:
      return { fault: 'voiceTwice', answers: draw.oneOf(['firstAnswerLost', 'bothAnswered']) };
    case 14:
      return { fault: 'actionAfterHangUp' };
    case 15:
      return { fault: 'restRefused' };
    case 16:
      return { fault: 'modelUnreachable', how: draw.oneOf(['refused', 'never']) };
    case 17:
      return { fault: 'callerHangsUp', atMs };
    case 18:
      return { fault: 'drain', atMs };
    default:
      return { fault: 'timersLate', byMs: draw.int(1, 60) };
  }
}
