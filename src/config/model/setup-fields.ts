import type { ExtraSetup } from '../../gemini/setup-settings.ts';

/** The variables that are one field of the setup message each, and the path of that field. */
const setupFields = [
  ['GEMINI_TEMPERATURE', 'generationConfig', 'temperature'],
  ['GEMINI_TOP_P', 'generationConfig', 'topP'],
  ['GEMINI_TOP_K', 'generationConfig', 'topK'],
  ['GEMINI_MAX_OUTPUT_TOKENS', 'generationConfig', 'maxOutputTokens'],
  ['GEMINI_CANDIDATE_COUNT', 'generationConfig', 'candidateCount'],
  ['GEMINI_PRESENCE_PENALTY', 'generationConfig', 'presencePenalty'],
  ['GEMINI_FREQUENCY_PENALTY', 'generationConfig', 'frequencyPenalty'],
  ['GEMINI_MEDIA_RESOLUTION', 'generationConfig', 'mediaResolution'],
  ['GEMINI_TURN_COVERAGE', 'realtimeInputConfig', 'turnCoverage'],
] as const;

type FieldName = (typeof setupFields)[number][0];

/** Every variable that adds a field to the setup message. */
export const extraSetupVariables: readonly (FieldName | 'GEMINI_SETUP_JSON')[] = [
  'GEMINI_SETUP_JSON',
  ...setupFields.map(([name]) => name),
];

/** The values of those variables, as the service writes them. */
type ExtraValues = { readonly [name in FieldName]?: string | number | undefined } & {
  readonly GEMINI_SETUP_JSON?: ExtraSetup | undefined;
};

/** The fields that an admin adds to the setup message, and the variable that each of them comes from. */
export function extraSetups(values: ExtraValues): { readonly name: string; readonly extra: ExtraSetup }[] {
  const json = values.GEMINI_SETUP_JSON;
  return [
    ...(json === undefined ? [] : [{ name: 'GEMINI_SETUP_JSON', extra: json }]),
    ...setupFields.flatMap(([name, part, field]) => {
      const value = values[name];
      return value === undefined ? [] : [{ name, extra: { [part]: { [field]: value } } }];
    }),
  ];
}

/** All of them as one part of the setup message; variables of their own come last, and say nothing that the JSON says too. */
export function extraSetup(values: ExtraValues): ExtraSetup {
  const extras = extraSetups(values).map(({ extra }) => extra);
  const generationConfig = Object.assign({}, ...extras.map((extra) => extra.generationConfig));
  const realtimeInputConfig = Object.assign({}, ...extras.map((extra) => extra.realtimeInputConfig));
  return {
    ...values.GEMINI_SETUP_JSON,
    ...(extras.some((extra) => extra.generationConfig !== undefined) ? { generationConfig } : {}),
    ...(extras.some((extra) => extra.realtimeInputConfig !== undefined) ? { realtimeInputConfig } : {}),
  };
}

/** A field must be decided in one place. */
export function fieldsDecidedTwice(values: ExtraValues): string[] {
  const json = values.GEMINI_SETUP_JSON;
  return setupFields
    .filter(([name, part, field]) => values[name] !== undefined && json?.[part]?.[field] !== undefined)
    .map(
      ([name, part, field]) =>
        `${name} is set, and GEMINI_SETUP_JSON holds ${part}.${field}; only one of them can decide.`,
    );
}

/** The variable that is this field, by its path in the setup that the SDK takes; null for a field that has none. */
export function variableOfField(path: string): FieldName | null {
  // The SDK has the fields of `generationConfig` at the top.
  const isIt = ([, part, field]: (typeof setupFields)[number]): boolean =>
    path === (part === 'generationConfig' ? field : `${part}.${field}`);
  return setupFields.find(isIt)?.[0] ?? null;
}
