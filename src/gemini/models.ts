import type { ModelBehavior, TurnDetection } from '../call/call-settings.ts';

/** How a model is reached: the Gemini API with a key, or Vertex AI with a Google Cloud project (GM-VERTEX-1). */
export type Backend = 'geminiApi' | 'vertex';

/** How much a model may think before it speaks, from the shortest to the longest. */
export const thinkingLevels = ['low', 'medium', 'high'] as const;
export type ThinkingLevelName = (typeof thinkingLevels)[number];

/** What one model accepts and how it behaves (GM-SETUP-3). `docs/models.md` tells the same to an admin. */
export interface ModelRules {
  readonly id: string;
  readonly backends: readonly Backend[];
  /** Its `turnDetection` is the one for which nobody has to ask. */
  readonly behavior: ModelBehavior;
  /** Whether the caller's turns can be marked by the client: `unproven` where nobody has reported on it (GM-VAD-6). */
  readonly manualTurns: 'taken' | 'unproven' | 'refused';
  /** `always`: it wants a level. Without a level, thinking is left to the model or refused, as `refusedFields` says. */
  readonly thinkingLevel: 'always' | 'refused';
  /**
   * What a tool's declaration may say; empty where it may say nothing, and every tool blocks. One that blocks is declared as
   * non-blocking where the model knows no other (GM-TOOL-1).
   */
  readonly toolBehaviors: readonly ('blocking' | 'nonBlocking')[];
  /** How the parameters of a tool are written: as JSON Schema, or in the service's own dialect (GM-TOOL-5). */
  readonly toolParameters: 'jsonSchema' | 'dialect';
  /** Whether a tool answer may say when it is spoken (GM-TOOL-4). */
  readonly takesScheduling: boolean;
  /** Whether tool calls have ids: where they have none, answers must have none either (GM-TOOL-6). */
  readonly hasCallIds: boolean;
  /** Whether `speechConfig.languageCode` does anything (GM-LANG-1). */
  readonly takesLanguageCode: boolean;
  /**
   * Fields of the setup that the model refuses or that would do nothing, and values of fields as the last step of a path:
   * path → why, as the end of a sentence about the model.
   */
  readonly refusedFields: Readonly<Record<string, string>>;
}

const alwaysOn = {
  'generationConfig.enableAffectiveDialog': 'hears moods without being told to and refuses the field',
  proactivity: 'decides by itself when to speak and refuses the field',
};

const live38: ModelRules = {
  id: 'gemini-3.8-live',
  backends: ['geminiApi', 'vertex'],
  behavior: {
    greeting: 'onRequest',
    turnEnd: 'turnCompleted',
    callerAudio: 'unbroken',
    pictures: 'taken',
    turnDetection: 'automatic',
  },
  manualTurns: 'taken',
  thinkingLevel: 'refused',
  toolBehaviors: ['blocking', 'nonBlocking'],
  toolParameters: 'jsonSchema',
  takesScheduling: true,
  hasCallIds: true,
  takesLanguageCode: false,
  refusedFields: { ...alwaysOn, 'generationConfig.thinkingConfig': 'does not think and refuses the field' },
};

const models: ReadonlyMap<string, ModelRules> = new Map(
  [
    live38,
    {
      ...live38,
      id: 'gemini-3.8-live-extended-thinking',
      behavior: { ...live38.behavior, greeting: 'byItself', turnEnd: 'interactionIdle' },
      manualTurns: 'unproven',
      thinkingLevel: 'always',
      toolBehaviors: ['nonBlocking'],
      toolParameters: 'dialect',
      takesScheduling: false,
      refusedFields: {
        ...alwaysOn,
        'generationConfig.thinkingConfig.thinkingBudget': 'thinks by level, which GEMINI_THINKING_LEVEL sets',
      },
    } satisfies ModelRules,
    {
      id: 'gemini-live-2.5-flash-native-audio',
      backends: ['vertex'],
      behavior: { ...live38.behavior, callerAudio: 'mayPause' },
      manualTurns: 'unproven',
      thinkingLevel: 'refused',
      // Reports of all three contradict each other (GM-TOOL-9).
      toolBehaviors: [],
      toolParameters: 'dialect',
      takesScheduling: false,
      hasCallIds: false,
      takesLanguageCode: true,
      refusedFields: {},
    } satisfies ModelRules,
  ].map((rules) => [rules.id, rules]),
);

/** Ids that tutorials still name, and the day on which Google switched the model off (GM-MODEL-1). */
const shutDownOn: ReadonlyMap<string, string> = new Map([
  ['gemini-2.0-flash-live-001', '2025-12-09'],
  ['gemini-live-2.5-flash-preview', '2025-12-09'],
  ['gemini-2.5-flash-native-audio-preview-09-2025', '2026-03-19'],
  ['gemini-2.5-flash-native-audio-preview-12-2025', '2026-11-17'],
  ['gemini-3.1-flash-live-preview', '2026-11-17'],
]);

/** Live models that hold no conversation. */
const unfit: ReadonlyMap<string, string> = new Map([
  ['gemini-3.5-live-translate-preview', 'only translates speech and takes no tools'],
  ['gemini-3.5-transcribe-live', 'only writes down what is said'],
  ['gemini-3.5-transcribe-live-preview', 'only writes down what is said'],
]);

/** Fields and values that one backend does not take, whatever the model: the SDK throws, or the setup is closed (GM-VERTEX-1). */
const refusedByBackend: Readonly<Record<Backend, Readonly<Record<string, string>>>> = {
  geminiApi: {
    explicitVadSignal: 'takes the field on Vertex AI only',
    labels: 'takes the field on Vertex AI only',
  },
  vertex: {
    'realtimeInputConfig.turnCoverage.TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO': 'refuses the value on Vertex AI',
  },
};

/** What is known about a model id. `reason` is the end of a sentence about the model. */
export type ModelVerdict =
  | { readonly kind: 'known' | 'unknown'; readonly rules: ModelRules }
  | { readonly kind: 'refused'; readonly reason: string };

/** Looks a model id up. One that nobody knows gets the rules of `gemini-3.8-live`, since newer models resemble the newest. */
export function judgeModel(id: string, backend: Backend): ModelVerdict {
  const date = shutDownOn.get(id);
  if (date !== undefined) return { kind: 'refused', reason: `was shut down on ${date}` };
  const reason = unfit.get(id);
  if (reason !== undefined) return { kind: 'refused', reason };
  const rules = models.get(id);
  if (rules === undefined) return { kind: 'unknown', rules: live38 };
  if (rules.backends.includes(backend)) return { kind: 'known', rules };
  return { kind: 'refused', reason: `exists on ${backend === 'vertex' ? 'the Gemini API' : 'Vertex AI'} only` };
}

/** The rules of a model that is not refused: its own, or those of `gemini-3.8-live`. */
export function modelRules(id: string): ModelRules {
  return models.get(id) ?? live38;
}

/** What of the settings decides how a model behaves. */
export interface BehaviorSettings {
  /** Without it, a session that is shown pictures ends early. */
  readonly compression: object | null;
  /** Null: what the model's rules say. */
  readonly turnDetection: TurnDetection | null;
}

/** How a model behaves in sessions with these settings. */
export function behaviorOf(id: string, { compression, turnDetection }: BehaviorSettings): ModelBehavior {
  const { behavior } = modelRules(id);
  const isShortened = compression === null && behavior.pictures === 'taken';
  return {
    ...behavior,
    pictures: isShortened ? 'shortenSession' : behavior.pictures,
    turnDetection: turnDetection ?? behavior.turnDetection,
  };
}

/** The ids with which a call can be held on a backend. */
export function modelIds(backend: Backend): string[] {
  return [...models.values()].filter(({ backends }) => backends.includes(backend)).map(({ id }) => id);
}

/** Each field of a setup that the model does not take on this backend, as a path, with the reason as the end of a sentence. */
export function setupRefusals(
  setup: object,
  rules: ModelRules,
  backend: Backend,
): { readonly path: string; readonly reason: string }[] {
  return Object.entries({ ...rules.refusedFields, ...refusedByBackend[backend] })
    .filter(([path]) => holds(setup, path.split('.')))
    .map(([path, reason]) => ({ path, reason }));
}

function holds(value: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  if (typeof value === 'string') return value === key && rest.length === 0;
  if (typeof value !== 'object' || value === null) return false;
  const found = new Map<string, unknown>(Object.entries(value));
  return found.has(key) && holds(found.get(key), rest);
}
