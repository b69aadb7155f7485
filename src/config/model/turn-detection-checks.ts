import type { TurnDetection } from '../../call/call-settings.ts';
import type { ModelRules } from '../../gemini/models.ts';

/** What turn detection is decided by, as far as these checks look at it. */
interface TurnValues {
  readonly TURN_DETECTION?: TurnDetection | undefined;
  readonly GEMINI_INTERRUPTIONS: 'true' | 'false';
}

/** What tells the service how to detect speech, which it then does not do. */
const detectionVariables = [
  'GEMINI_VAD_START_SENSITIVITY',
  'GEMINI_VAD_END_SENSITIVITY',
  'GEMINI_VAD_PREFIX_MS',
  'GEMINI_VAD_SILENCE_MS',
] as const;

/** What `TURN_DETECTION=manual` contradicts, one sentence each. `given`: what the admin has set. */
export function manualTurnProblems(values: TurnValues, given: ReadonlyMap<string, string>): string[] {
  if (values.TURN_DETECTION !== 'manual') return [];
  const useless = detectionVariables
    .filter((name) => given.has(name))
    .map((name) => `${name} is set, but TURN_DETECTION is manual: then Parley hears the caller, and not the model.`);
  const deaf =
    values.GEMINI_INTERRUPTIONS === 'true'
      ? []
      : [
          'GEMINI_INTERRUPTIONS is false, but TURN_DETECTION is manual: then Parley tells the model when it is interrupted.',
        ];
  const unyielding =
    given.get('BARGE_IN') === 'off'
      ? [
          'BARGE_IN is off, but TURN_DETECTION is manual: then the model cannot tell that the caller speaks over the agent.',
        ]
      : [];
  return [...useless, ...deaf, ...unyielding];
}

/** Why a model cannot be told when the caller speaks, as the end of a sentence about it; null when it can, or when nobody wants that. */
export function manualTurnsRefusal(wanted: TurnDetection | null, { manualTurns }: ModelRules): string | null {
  return wanted === 'manual' && manualTurns === 'refused'
    ? 'refuses it that Parley tells when the caller speaks'
    : null;
}

/** The same for a model of which nobody has reported, as a sentence; null when that is not so. */
export function manualTurnsDoubt(wanted: TurnDetection | null, { id, manualTurns }: ModelRules): string | null {
  return wanted === 'manual' && manualTurns === 'unproven'
    ? `TURN_DETECTION is manual, and nobody has reported that ${id} takes it: npm run probe -- --only manual-activity asks it.`
    : null;
}
