import type { DialoguePhase, DialogueFault } from './dialogue-fault.ts';
import { anyPhase, momentIn, someTime, dialogueFault } from './dialogue-fault.ts';

/** Everything that befalls the line to the caller, the links, and the service itself. */
export const lineFaults: readonly DialogueFault[] = [
  dialogueFault('caller frames lost', { lineLoses: true }, (site) => ({
    faults: [{ fault: 'callerFramesLost', atMs: momentIn(site, 'callerSpeaks'), forMs: site.draw.int(100, 2_000) }],
  })),
  dialogueFault('caller mutes', {}, ({ draw }) => ({ muteMs: draw.int(500, 2_000) })),
  ...(['mediaIn', 'mediaOut', 'modelIn', 'modelOut'] as const).map((link) =>
    dialogueFault(`link stalls (${link})`, {}, (site) => {
      const forMs = site.draw.int(500, 3_000);
      const atMs = momentIn(site, anyPhase(site));
      return { faults: [{ fault: 'stall', link, atMs, forMs }], heldMs: forMs };
    }),
  ),
  dialogueFault('marks lost', {}, (site) => ({
    faults: [{ fault: 'marksLost', atMs: momentIn(site, anyPhase(site)), forMs: site.draw.int(500, 5_000) }],
  })),
  ...someTime.map((phase) =>
    dialogueFault(`stream lost, ${wordsOf(phase)}`, { lineLoses: true }, (site) => ({
      faults: [{ fault: 'streamLost', atMs: momentIn(site, phase) }],
    })),
  ),
  dialogueFault('stream given up, half open', { lineLoses: true }, (site) => ({
    faults: [{ fault: 'streamHalfOpen', atMs: momentIn(site, anyPhase(site)) }],
  })),
  dialogueFault('stream dead, nobody told', { lineLoses: true }, (site) => {
    const atMs = momentIn(site, anyPhase(site));
    return { faults: [{ fault: 'streamZombie', atMs }], lineDeadFromMs: atMs };
  }),
  dialogueFault('service killed, back in time', { lineLoses: true, endsSession: true }, (site) => ({
    faults: [
      {
        fault: 'serviceKilled',
        atMs: momentIn(site, anyPhase(site)),
        downMs: site.draw.int(200, 6_000),
        meanwhile: 'silent',
      },
    ],
  })),
  dialogueFault('service restarted, back in time', { lineLoses: true, endsSession: true }, (site) => ({
    faults: [
      // It is gone as soon as Twilio has asked, who then waits four seconds.
      { fault: 'serviceRestarted', atMs: momentIn(site, anyPhase(site)), downMs: site.draw.int(200, 3_500) },
    ],
  })),
  ...(['refused', 'badGateway'] as const).map((meanwhile) =>
    dialogueFault(
      `service killed, ${meanwhile === 'refused' ? 'port closed' : '502'}`,
      { lineLoses: true, endsSession: true },
      (site) => ({
        faults: [
          {
            fault: 'serviceKilled',
            atMs: momentIn(site, anyPhase(site)),
            downMs: site.draw.int(200, 6_000),
            meanwhile,
          },
        ],
      }),
    ),
  ),
];

function wordsOf(phase: DialoguePhase): string {
  return phase.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`);
}
