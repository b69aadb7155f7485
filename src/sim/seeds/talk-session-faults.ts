import type { Blow, PhaseOfTalk, SessionPart, Struck, TalkFault } from './talk-fault.ts';
import { anyPhase, momentIn, phases, someTime, talkFault } from './talk-fault.ts';

type Timed = NonNullable<SessionPart['timed']>[number];
type Ending = Timed['step'];

const whileWords: Readonly<Record<PhaseOfTalk, string>> = {
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
export const sessionFaults: readonly TalkFault[] = [
  ...endings.flatMap(({ name, step, gap }) =>
    phases.map((phase) =>
      talkFault(
        `${name}, ${whileWords[phase]}`,
        { gap, needsTool: phase === 'toolRuns', endsSession: true },
        (struck) => ({
          sessions: [stepAt(struck, phase, step)],
        }),
      ),
    ),
  ),
  ...phases.map((phase) =>
    talkFault(
      `goAway, ${whileWords[phase]}`,
      { gap: 'rotation', needsTool: phase === 'toolRuns', endsSession: true },
      (struck) => ({
        sessions: [stepAt(struck, phase, { goAway: { timeLeftMs: struck.draw.int(8_000, 20_000) } })],
      }),
    ),
  ),
  talkFault('goAway too late', { gap: 'crash', endsSession: true }, (struck) => ({
    sessions: [stepAt(struck, anyPhase(struck), { goAway: { timeLeftMs: struck.draw.int(0, 500) } })],
  })),
  ...someTime.map((phase) =>
    talkFault(`age, ${whileWords[phase]}`, { gap: 'rotation', endsSession: true }, (struck) => ({
      sessionMsMax: momentIn(struck, phase) - struck.moments.openedAtMs,
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
  talkFault('unreachable for 3 s', { endsSession: true }, (struck) => unreachable(struck, 3_000)),
  talkFault('unreachable for ever', { endsSession: true }, (struck) => unreachable(struck, 60_000)),
  talkFault('quota exceeded', { endsSession: true }, (struck) => ({
    sessions: [stepAt(struck, anyPhase(struck), { close: 'quotaExceeded' })],
    later: { refuseSetup: 'quotaExceeded' },
  })),
  atStart('setup not answered', [{ setupMs: 'never' }]),
  atStart('setup not answered twice', [{ setupMs: 'never' }, { setupMs: 'never' }]),
  atStart('setup never answered', [], { setupMs: 'never' }),
  atStart('upgrade 503', [{ upgrade: 503 }]),
  atStart('upgrade 503 twice', [{ upgrade: 503 }, { upgrade: 503 }]),
  atStart('setup refused (1011)', [{ refuseSetup: 'unavailable' }]),
  atStart('model not found', [{ refuseSetup: { code: 1008, reason: otherModelReason } }]),
  atStart('key not valid', [], { refuseSetup: 'keyInvalid' }),
  talkFault('never reachable', { endsSession: true }, () => ({
    beforeGreeting: true,
    faults: [{ fault: 'modelUnreachable', how: 'refused' }],
  })),
];

function stepAt(struck: Struck, phase: PhaseOfTalk, step: Ending): SessionPart {
  return { timed: [{ atMs: momentIn(struck, phase) - struck.moments.openedAtMs, step }] };
}

/** The session is cut, and the next ones have troubles of their own. */
function afterEnd(name: string, sessions: readonly SessionPart[], later?: SessionPart): TalkFault {
  return talkFault(`cut, ${name}`, { endsSession: true }, (struck) => ({
    sessions: [stepAt(struck, anyPhase(struck), { drop: true }), ...sessions],
    ...(later !== undefined && { later }),
  }));
}

function atStart(name: string, sessions: readonly SessionPart[], later?: SessionPart): TalkFault {
  return talkFault(`start: ${name}`, { endsSession: true }, () => ({
    beforeGreeting: true,
    sessions,
    ...(later !== undefined && { later }),
  }));
}

function unreachable(struck: Struck, forMs: number): Blow {
  const phase = anyPhase(struck);
  const atMs = momentIn(struck, phase);
  return {
    sessions: [{ timed: [{ atMs: atMs - struck.moments.openedAtMs, step: { drop: true } }] }],
    faults: [{ fault: 'modelUnreachable', how: 'refused', atMs, forMs }],
  };
}
