import type { PhaseOfTalk, TalkFault } from './talk-fault.ts';
import { anyPhase, momentIn, someTime, talkFault } from './talk-fault.ts';

/** Everything that befalls the line to the caller, the links, and the service itself. */
export const lineFaults: readonly TalkFault[] = [
  talkFault('caller frames lost', { lineLoses: true }, (struck) => ({
    faults: [{ fault: 'callerFramesLost', atMs: momentIn(struck, 'callerSpeaks'), forMs: struck.draw.int(100, 2_000) }],
  })),
  talkFault('caller mutes', {}, ({ draw }) => ({ muteMs: draw.int(500, 2_000) })),
  ...(['mediaIn', 'mediaOut', 'modelIn', 'modelOut'] as const).map((link) =>
    talkFault(`link stalls (${link})`, {}, (struck) => {
      const forMs = struck.draw.int(500, 3_000);
      const atMs = momentIn(struck, anyPhase(struck));
      return { faults: [{ fault: 'stall', link, atMs, forMs }], heldMs: forMs };
    }),
  ),
  talkFault('marks lost', {}, (struck) => ({
    faults: [{ fault: 'marksLost', atMs: momentIn(struck, anyPhase(struck)), forMs: struck.draw.int(500, 5_000) }],
  })),
  ...someTime.map((phase) =>
    talkFault(`stream lost, ${wordsOf(phase)}`, { lineLoses: true }, (struck) => ({
      faults: [{ fault: 'streamLost', atMs: momentIn(struck, phase) }],
    })),
  ),
  talkFault('stream given up, half open', { lineLoses: true }, (struck) => ({
    faults: [{ fault: 'streamHalfOpen', atMs: momentIn(struck, anyPhase(struck)) }],
  })),
  talkFault('stream dead, nobody told', { lineLoses: true }, (struck) => {
    const atMs = momentIn(struck, anyPhase(struck));
    return { faults: [{ fault: 'streamZombie', atMs }], lineDeadFromMs: atMs };
  }),
  talkFault('service killed, back in time', { lineLoses: true, endsSession: true }, (struck) => ({
    faults: [
      {
        fault: 'serviceKilled',
        atMs: momentIn(struck, anyPhase(struck)),
        downMs: struck.draw.int(200, 6_000),
        meanwhile: 'silent',
      },
    ],
  })),
  talkFault('service restarted, back in time', { lineLoses: true, endsSession: true }, (struck) => ({
    faults: [
      // It is gone as soon as Twilio has asked, who then waits four seconds.
      { fault: 'serviceRestarted', atMs: momentIn(struck, anyPhase(struck)), downMs: struck.draw.int(200, 3_500) },
    ],
  })),
  ...(['refused', 'badGateway'] as const).map((meanwhile) =>
    talkFault(
      `service killed, ${meanwhile === 'refused' ? 'port closed' : '502'}`,
      { lineLoses: true, endsSession: true },
      (struck) => ({
        faults: [
          {
            fault: 'serviceKilled',
            atMs: momentIn(struck, anyPhase(struck)),
            downMs: struck.draw.int(200, 6_000),
            meanwhile,
          },
        ],
      }),
    ),
  ),
];

function wordsOf(phase: PhaseOfTalk): string {
  return phase.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`);
}
