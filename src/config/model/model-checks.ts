import { z } from 'zod';
import { type Backend, judgeModel, modelIds, modelRules, setupRefusals } from '../../gemini/models.ts';
import { extraSetups, extraSetupVariables, fieldsDecidedTwice } from './setup-fields.ts';
import { modelVariables } from './model-variables.ts';
import { unknownModel } from './unknown-model.ts';
import { manualTurnProblems, manualTurnsDoubt, manualTurnsRefusal } from './turn-detection-checks.ts';

/** The values of the variables that say which model answers and how. */
export type ModelValues = z.output<typeof modelForm>;

const modelForm = z.object(modelVariables);
type Name = keyof ModelValues;

/** What is wrong with variables together: `of` are those that must each be right for the question to make sense. */
interface Check {
  readonly of: readonly Name[];
  /** `given`: the variables that are set. */
  readonly find: (values: ModelValues, given: ReadonlyMap<string, string>) => readonly string[];
}

/**
 * Compression drops whole turns. A turn is about 450 tokens, and with less room than two of them it would run in every turn,
 * each time with a pause that the caller hears (GM-COMPRESS-1).
 */
const compressionTokensMin = 1_000;

const checks: readonly Check[] = [
  { of: ['GEMINI_MODEL', 'GOOGLE_GENAI_USE_VERTEXAI'], find: (values) => refusedModel('GEMINI_MODEL', values) },
  {
    of: ['GEMINI_FALLBACK_MODEL', 'GOOGLE_GENAI_USE_VERTEXAI'],
    find: (values) => refusedModel('GEMINI_FALLBACK_MODEL', values),
  },
  {
    of: ['GEMINI_MODEL', 'GEMINI_FALLBACK_MODEL'],
    find: (values) =>
      values.GEMINI_FALLBACK_MODEL === values.GEMINI_MODEL
        ? [`GEMINI_FALLBACK_MODEL is "${values.GEMINI_MODEL}"; it wants another model than GEMINI_MODEL.`]
        : [],
  },
  {
    of: ['GEMINI_COMPRESSION_TRIGGER_TOKENS', 'GEMINI_COMPRESSION_TARGET_TOKENS'],
    find: ({ GEMINI_COMPRESSION_TRIGGER_TOKENS: trigger, GEMINI_COMPRESSION_TARGET_TOKENS: target }) =>
      trigger - target < compressionTokensMin
        ? [
            `GEMINI_COMPRESSION_TARGET_TOKENS is ${target}; it wants at most ${trigger - compressionTokensMin}, which is ` +
              `${compressionTokensMin} less than GEMINI_COMPRESSION_TRIGGER_TOKENS.`,
          ]
        : [],
  },
  { of: ['GEMINI_MODEL', 'GEMINI_FALLBACK_MODEL', 'GEMINI_THINKING_LEVEL'], find: uselessThinkingLevel },
  { of: ['TURN_DETECTION', 'GEMINI_MODEL', 'GEMINI_FALLBACK_MODEL'], find: refusedTurnDetection },
  { of: ['TURN_DETECTION', 'GEMINI_INTERRUPTIONS'], find: manualTurnProblems },
  {
    of: ['GEMINI_MODEL', 'GEMINI_FALLBACK_MODEL', 'GOOGLE_GENAI_USE_VERTEXAI', ...extraSetupVariables],
    find: refusedFields,
  },
  { of: extraSetupVariables, find: fieldsDecidedTwice },
  { of: ['GEMINI_SETUP_JSON', 'GEMINI_TRANSCRIPTION'], find: uselessTranscriptionFields },
  { of: ['GOOGLE_GENAI_USE_VERTEXAI'], find: missingVertexParts },
  { of: ['GOOGLE_GENAI_USE_VERTEXAI', 'GOOGLE_CLOUD_LOCATION'], find: globalLocation },
];

/** What the rules of the models have against these values, one sentence each. Variables that are wrong by themselves are passed over. */
export function modelProblems(given: ReadonlyMap<string, string>): string[] {
  const parsed = modelForm.safeParse(Object.fromEntries(given));
  const broken = new Set((parsed.error?.issues ?? []).map((issue) => issue.path[0]));
  const sound = [...given].filter(([name]) => !broken.has(name));
  const values = modelForm.parse(Object.fromEntries(sound));
  return checks.filter(({ of }) => !of.some((name) => broken.has(name))).flatMap(({ find }) => find(values, given));
}

/** What will work and is probably not meant. `pricedModels` are those that the price table holds. */
export function modelWarnings(values: ModelValues, pricedModels: readonly string[], callSecondsMax: number): string[] {
  const unknown = variablesOfModels.flatMap((name) => {
    const id = values[name];
    const what = id === undefined ? null : unknownModel(id, backendOf(values));
    return what === null ? [] : [`${name} ${what}`];
  });
  const unpriced = modelsOf(values)
    .filter((id) => !pricedModels.includes(id))
    .map((id) => `There is no price for ${id}: its calls are reported without a cost. PRICE_TABLE_FILE can bring one.`);
  return [...unknown, ...unpriced, ...unprovenTurnDetection(values), ...sessionWarnings(values, callSecondsMax)];
}

/** Google ends a session that is not compressed after a quarter of an hour (GM-COMPRESS-1). */
const uncompressedSecondsMax = 900;

function sessionWarnings(values: ModelValues, callSecondsMax: number): string[] {
  const warnings: string[] = [];
  if (values.GEMINI_COMPRESSION === 'false' && callSecondsMax > uncompressedSecondsMax) {
    warnings.push(
      `GEMINI_COMPRESSION is false, and MAX_CALL_SECONDS is ${callSecondsMax}: Google ends such a conversation after ${uncompressedSecondsMax} seconds.`,
    );
  }
  if (values.GEMINI_RESUMPTION === 'false' && callSecondsMax > values.GEMINI_SESSION_MAX_SECONDS) {
    warnings.push(
      `GEMINI_RESUMPTION is false, and MAX_CALL_SECONDS is ${callSecondsMax}: after ${values.GEMINI_SESSION_MAX_SECONDS} seconds the model remembers only an account of the call.`,
    );
  }
  return warnings;
}

const variablesOfModels = ['GEMINI_MODEL', 'GEMINI_FALLBACK_MODEL'] as const;

/** The models that may answer, first the one that shall. */
function modelsOf({ GEMINI_MODEL, GEMINI_FALLBACK_MODEL }: ModelValues): string[] {
  return GEMINI_FALLBACK_MODEL === undefined ? [GEMINI_MODEL] : [GEMINI_MODEL, GEMINI_FALLBACK_MODEL];
}

function backendOf({ GOOGLE_GENAI_USE_VERTEXAI }: ModelValues): Backend {
  return GOOGLE_GENAI_USE_VERTEXAI === 'true' ? 'vertex' : 'geminiApi';
}

function refusedModel(name: (typeof variablesOfModels)[number], values: ModelValues): string[] {
  const id = values[name];
  if (id === undefined) return [];
  const verdict = judgeModel(id, backendOf(values));
  if (verdict.kind !== 'refused') return [];
  return [`${name} is "${id}", which ${verdict.reason}; it wants one of ${modelIds(backendOf(values)).join(', ')}.`];
}

function uselessThinkingLevel(values: ModelValues): string[] {
  if (values.GEMINI_THINKING_LEVEL === undefined) return [];
  const models = modelsOf(values);
  if (models.some((id) => modelRules(id).thinkingLevel === 'always')) return [];
  return [
    `GEMINI_THINKING_LEVEL is set, but ${models.join(' and ')} would refuse it; it wants gemini-3.8-live-extended-thinking, or no value.`,
  ];
}

function refusedTurnDetection(values: ModelValues): string[] {
  return variablesOfModels.flatMap((name) => {
    const id = values[name];
    const reason = id === undefined ? null : manualTurnsRefusal(values.TURN_DETECTION ?? null, modelRules(id));
    return reason === null ? [] : [`TURN_DETECTION is manual, but ${name} is "${id}", which ${reason}.`];
  });
}

function unprovenTurnDetection(values: ModelValues): string[] {
  const wanted = values.TURN_DETECTION ?? null;
  return modelsOf(values)
    .map((id) => manualTurnsDoubt(wanted, modelRules(id)))
    .filter((doubt) => doubt !== null);
}

function refusedFields(values: ModelValues): string[] {
  return modelsOf(values).flatMap((id) =>
    extraSetups(values).flatMap(({ name, extra }) =>
      setupRefusals(extra, modelRules(id), backendOf(values)).map(
        ({ path, reason }) => `${name} holds ${path}, but ${id} ${reason}.`,
      ),
    ),
  );
}

function uselessTranscriptionFields({
  GEMINI_SETUP_JSON: extra,
  GEMINI_TRANSCRIPTION: written,
}: ModelValues): string[] {
  return (
    [
      ['inputAudioTranscription', 'caller'],
      ['outputAudioTranscription', 'agent'],
    ] as const
  )
    .filter(([field, speaker]) => extra?.[field] !== undefined && written !== 'both' && written !== speaker)
    .map(([field]) => `GEMINI_SETUP_JSON holds ${field}, but GEMINI_TRANSCRIPTION is ${written}.`);
}

function missingVertexParts(values: ModelValues): string[] {
  if (values.GOOGLE_GENAI_USE_VERTEXAI === 'false') return [];
  return (['GOOGLE_CLOUD_PROJECT', 'GOOGLE_CLOUD_LOCATION'] as const)
    .filter((name) => values[name] === undefined)
    .map((name) => `${name} is missing; GOOGLE_GENAI_USE_VERTEXAI wants it.`);
}

/** The global endpoint has no live sessions (GM-VERTEX-1). */
function globalLocation(values: ModelValues): string[] {
  return values.GOOGLE_GENAI_USE_VERTEXAI === 'true' && values.GOOGLE_CLOUD_LOCATION === 'global'
    ? [
        'GOOGLE_CLOUD_LOCATION is "global", where no live session can be had; it wants a region such as us-central1, us or eu.',
      ]
    : [];
}
