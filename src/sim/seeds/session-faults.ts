import type { FaultChanges, DialoguePhase, SessionPart, FaultSite, DialogueFault } from './dialogue-fault.ts';
import { anyPhase, momentIn, phases, someTime, dialogueFault } from './dialogue-fault.ts';

type Timed = NonNullable<SessionPart['timed']>[number];
type Ending = Timed['step'];

const whileWords: Readonly<Record<DialoguePhase, string>> = {
  quiet: 'quiet',
  callerSpeaks: 'caller speaks',
  agentSpeaks: 'agent speaks',
  waiting: 'answer awaited',
  toolRuns: 'tool runs',
};

/** How the service ends a session (GM-CLOSE-1). `gap`: whether the handle is good for the next one. */
const endings: readonly { readonly name: string; readonly step: Ending; readonly gap: 'crash' | null }[] = [
  { name: '1000 idle', step: { close: 'idle' }, gap: 'crash' },
  { name: '1001 going away', step: { close: 'goingAway' }, gap: 'crash' },
  { name: '1006 cut', step: { drop: true }, gap: 'crash' },
  { name: '1007 argument', step: { close: 'argumentInvalid' }, gap: null },
  { name: '1008 aborted', step: { close: 'aborted' }, gap: 'crash' },
  { name: '1011 deadline', step: { close: 'deadlineExpired' }, gap: 'crash' },
  { name: '1011 internal', step: { close: 'internalError' }, gap: 'crash' },
  { name: '1012 restart', step: { close: 'restarting' }, gap: 'crash' },
  { name: '1013 overload', step: { close: 'overloaded' }, gap: 'crash' },
];

const otherModelReason =
  'models/gemini-3.8-live is not found for API version v1beta, or is not supported for bidiGenerateContent';

/** Everything that befalls the connection to the model: its end, and what stands in the way of the next one. */
export const sessionFaults: readonly DialogueFault[] = [
  ...endings.flatMap(({ name, step, gap }) =>
    phases.map((phase) =>
      dialogueFault(
        `${name}, ${whileWords[phase]}`,
        { gap, needsTool: phase === 'toolRuns', endsSession: true },
        (site) => ({
          sessions: [stepAt(site, phase, step)],
        }),
      ),
    ),
  ),
  ...phases.map((phase) =>
    dialogueFault(
      `goAway, ${whileWords[phase]}`,
      { gap: 'rotation', needsTool: phase === 'toolRuns', endsSession: true },
      (site) => ({
        sessions: [stepAt(site, phase, { goAway: { timeLeftMs: site.draw.int(8_000, 20_000) } })],
      }),
    ),
  ),
  dialogueFault('goAway too late', { gap: 'crash', endsSession: true }, (site) => ({
    sessions: [stepAt(site, anyPhase(site), { goAway: { timeLeftMs: site.draw.int(0, 500) } })],
  })),
  ...someTime.map((phase) =>
    dialogueFault(`age, ${whileWords[phase]}`, { gap: 'rotation', endsSession: true }, (site) => ({
      sessionMsMax: momentIn(site, phase) - site.moments.openedAtMs,
    })),
  ),
  afterEnd('handle refused (1008)', [{ refuseHandle: 'sessionNotFound' }]),
  afterEnd('handle refused (1007)', [{ refuseHandle: 'argumentInvalid' }]),
  afterEnd('handle expired', [{ handleMs: 0 }]),
  afterEnd('old socket still open', [{ refuseHandle: 'internalError' }]),
  afterEnd('then setup not answered', [{ setupMs: 'never' }]),
  afterEnd('then setup never answered', [], { setupMs: 'never' }),
  afterEnd('then upgrade 503', [{ upgrade: 503 }]),
  afterEnd('then upgrade always 503', [], { upgrade: 503 }),
  afterEnd('then upgrade not answered', [{ upgrade: 'never' }]),
  dialogueFault('unreachable for 3 s', { endsSession: true }, (site) => unreachable(site, 3_000)),
  dialogueFault('unreachable for ever', { endsSession: true }, (site) => unreachable(site, 60_000)),
  dialogueFault('quota exceeded', { endsSession: true }, (site) => ({
    sessions: [stepAt(site, anyPhase(site), { close: 'quotaExceeded' })],
    later: { refuseSetup: 'quotaExceeded' },
  })),
  afterEnd('then no room twice', [{ refuseSetup: 'sessionsExhausted' }, { refuseSetup: 'quotaExhausted' }]),
  afterEnd('then never any room', [], { refuseSetup: 'sessionsExhausted' }),
  afterEnd('then upgrade 429', [{ upgrade: 429 }]),
  afterEnd('then key revoked', [], { refuseSetup: 'keyInvalid' }),
  atStart('setup not answered', [{ setupMs: 'never' }]),
  atStart('setup not answered twice', [{ setupMs: 'never' }, { setupMs: 'never' }]),
  atStart('setup never answered', [], { setupMs: 'never' }),
  atStart('upgrade 503', [{ upgrade: 503 }]),
  atStart('upgrade 503 twice', [{ upgrade: 503 }, { upgrade: 503 }]),
  atStart('setup refused (1011)', [{ refuseSetup: 'unavailable' }]),
  atStart('model not found', [{ refuseSetup: { code: 1008, reason: otherModelReason } }]),
  atStart('no room', [{ refuseSetup: 'quotaExhausted' }, { upgrade: 429 }]),
  atStart('not for this model', [{ refuseSetup: 'modalitiesUnsupported' }]),
  atStart('key not valid', [], { refuseSetup: 'keyInvalid' }),
  dialogueFault('never reachable', { endsSession: true }, () => ({
    beforeGreeting: true,
    faults: [{ fault: 'modelUnreachable', how: 'refused' }],
  })),
];

function stepAt(site: FaultSite, phase: DialoguePhase, step: Ending): SessionPart {
  return { timed: [{ atMs: momentIn(site, phase) - site.moments.openedAtMs, step }] };
}

/** The session is cut, and the next ones have troubles of their own. */
function afterEnd(name: string, sessions: readonly SessionPart[], later?: SessionPart): DialogueFault {
  return dialogueFault(`cut, ${name}`, { endsSession: true }, (site) => ({
    sessions: [stepAt(site, anyPhase(site), { drop: true }), ...sessions],
    ...(later !== undefined && { later }),
  }));
}

function atStart(name: string, sessions: readonly SessionPart[], later?: SessionPart): DialogueFault {
  return dialogueFault(`start: ${name}`, { endsSession: true }, () => ({
    beforeGreeting: true,
    sessions,
    ...(later !== undefined && { later }),
  }));
}

function unreachable(site: FaultSite, forMs: number): FaultChanges {
  const phase = anyPhase(site);
  const atMs = momentIn(site, phase);
  return {
    sessions: [{ timed: [{ atMs: atMs - site.moments.openedAtMs, step: { drop: true } }] }],
    faults: [{ fault: 'modelUnreachable', how: 'refused', atMs, forMs }],
  };
}
