import type { ScriptInput } from '../../model/script/script.ts';
import type { Draw } from '../draw.ts';

type Trouble = Pick<ScriptInput, 'defects' | 'sessions' | 'lifeMs' | 'goAwayMs'>;
type Session = NonNullable<ScriptInput['sessions']>[number];
type Defect = NonNullable<ScriptInput['defects']>[number];

/** Draws what goes wrong with single turns and single sessions of the model (GM-FAULT-1, GM-RESUME-2); with most calls that is nothing. */
export function seededTrouble(draw: Draw): Trouble {
  if (draw.chance(60)) return {};
  return {
    defects: draw.maybe(40, () => defect(draw)),
    sessions: Array.from({ length: draw.int(0, 4) }, () => session(draw)),
    ...(draw.chance(20) && {
      lifeMs: draw.int(1, 12) * 1000,
      ...(draw.chance(50) && { goAwayMs: draw.int(0, 8000) }),
    }),
  };
}

function session(draw: Draw): Session {
  switch (draw.int(1, 8)) {
    case 1:
      return { upgrade: draw.oneOf<401 | 403 | 429 | 503 | 'never'>([401, 403, 429, 503, 'never']) };
    case 2:
      return { refuseHandle: draw.oneOf(['sessionNotFound', 'argumentInvalid', 'internalError']) };
    case 3:
      return {
        refuseSetup: draw.oneOf([
          'unavailable',
          'internalError',
          'overloaded',
          'sessionsExhausted',
          'thinkingLevelMissing',
        ]),
      };
    case 4:
      return { lifeMs: draw.int(500, 9000) };
    case 5:
      return { timed: [{ atMs: draw.int(0, 8000), step: { drop: true } }] };
    case 6:
      return { firstTurn: draw.int(0, 2) };
    default:
      return { defects: [defect(draw)] };
  }
}

function defect(draw: Draw): Defect {
  const place = { turn: draw.int(1, 4), times: draw.oneOf([1, 1, 1, 2, 9]) };
  const deaf = draw.oneOf(['no', 'no', 'untilResume', 'untilFresh', 'always'] as const);
  const ms = draw.int(0, 3000);
  switch (draw.int(1, 8)) {
    case 1:
      return {
        ...place,
        deaf,
        defect: draw.oneOf(['silent', 'rejected', 'nearSilent', 'textOnly'] as const),
      };
    case 2:
    case 3:
      return { ...place, deaf, defect: 'noAnswer' };
    case 4:
      return {
        ...place,
        deaf,
        defect: draw.oneOf(['silentAfterTool', 'nothingAfterTool'] as const),
      };
    case 5:
      return {
        ...place,
        deaf,
        defect: draw.oneOf(['brokenOff', 'phantomInterruption'] as const),
        afterMs: ms,
      };
    case 6:
      return { ...place, defect: 'stall', afterMs: draw.int(0, 900), forMs: 2 * ms };
    case 7:
      return { ...place, defect: 'late', byMs: 3 * ms };
    default:
      return {
        ...place,
        defect: draw.oneOf(['transcriptTwice', 'answeredTwice', 'greetsAgain'] as const),
      };
  }
}
