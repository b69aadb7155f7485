import { isJsonObject } from '../../../encoding/json.ts';
import { closeFrame, closeReasons, refusal } from './close-reasons.ts';
import { unknownName } from './proto-json.ts';
import type { FunctionDeclaration, Setup } from './setup-message.ts';
import type { CloseFrame } from './close-reasons.ts';

/** Whether a tool call holds the model's turn up until it is answered (GM-TOOL-1). */
export type Behavior = 'BLOCKING' | 'NON_BLOCKING';

/**
 * What one model accepts in its setup and how it behaves afterwards (GM-SETUP-3). `unanswered` is a model that leaves the setup
 * without any answer instead of refusing it.
 */
export interface SetupRules {
  /** The keys `thinkingConfig` may have. With none of them the whole object is refused. */
  readonly thinkingKeys: readonly string[];
  readonly thinkingLevels: readonly string[];
  /** Whether a level must be given. */
  readonly needsThinkingLevel: boolean;
  readonly affectiveDialog: 'refused' | 'accepted' | 'unanswered';
  /** `alwaysOn`: the field may be left out or true. */
  readonly proactiveAudio: 'alwaysOn' | 'accepted' | 'unanswered';
  readonly behaviors: readonly Behavior[];
  readonly behaviorDefault: Behavior;
  /** What becomes of a tool whose parameters are given as JSON Schema: some models only speak of it (GM-TOOL-5). */
  readonly jsonSchemaTools: 'called' | 'onlyNamed' | 'refused';
  /** Whether a tool response may say when it is spoken (GM-TOOL-4). */
  readonly acceptsScheduling: boolean;
  /** What makes the model speak first (GM-GREET-1). Only one that answers text leaves `clientContent` without an answer. */
  readonly greets: 'onClientContent' | 'onText' | 'unasked';
  /** Whether `audioStreamEnd` closes the caller's turn, or only the audio that keeps coming does (GM-VAD-2). */
  readonly closesTurnOnStreamEnd: boolean;
  /** What becomes of audio in the form of `mediaChunks` (GM-AUDIO-1). */
  readonly mediaChunks: 'ignored' | 'refused' | 'taken';
  /** What a turn that the client begins does to the model while it generates (GM-VAD-7). */
  readonly activityStart: 'interrupts' | 'isIgnored';
  /** Text between the client's own marks of a turn: refused, or the end of that turn (GM-VAD-6). */
  readonly textInActivity: 'refused' | 'endsActivity';
  /** Transcripts that arrive though the setup did not ask for them (GM-TURN-3). */
  readonly transcribesUnasked: readonly ('input' | 'output')[];
  /** Whether it tells when it hears the caller begin and end (GM-VAD-4). */
  readonly tellsVoiceActivity: boolean;
  /** Whether tool calls have ids. Where they have none, an answer belongs to its call by the name, and may have none either (GM-TOOL-6). */
  readonly hasCallIds: boolean;
  /** How often a tool call is made again when its answer is empty (GM-TOOL-7). */
  readonly repeatsEmptyCalls: number;
  /** `turnComplete` does not mean idle: `interactionStatus` does. */
  readonly reportsInteraction: boolean;
}

/** The only tools of a live model; others are in the proto and on no list of a model (GM-SETUP-5). */
const toolKinds = new Set(['functionDeclarations', 'googleSearch']);

const thinkingLevels = ['LOW', 'MEDIUM', 'HIGH'];

const live38: SetupRules = {
  thinkingKeys: [],
  thinkingLevels: [],
  needsThinkingLevel: false,
  affectiveDialog: 'refused',
  proactiveAudio: 'alwaysOn',
  behaviors: ['BLOCKING', 'NON_BLOCKING'],
  behaviorDefault: 'NON_BLOCKING',
  jsonSchemaTools: 'called',
  acceptsScheduling: true,
  greets: 'onClientContent',
  closesTurnOnStreamEnd: false,
  mediaChunks: 'ignored',
  // Documented, but nobody has looked.
  activityStart: 'interrupts',
  textInActivity: 'refused',
  transcribesUnasked: ['output'],
  tellsVoiceActivity: false,
  hasCallIds: true,
  // Two to five times, says the migration guide.
  repeatsEmptyCalls: 3,
  reportsInteraction: false,
};

const native25: SetupRules = {
  thinkingKeys: ['thinkingBudget', 'includeThoughts'],
  thinkingLevels: [],
  needsThinkingLevel: false,
  affectiveDialog: 'accepted',
  proactiveAudio: 'accepted',
  behaviors: ['BLOCKING', 'NON_BLOCKING'],
  behaviorDefault: 'BLOCKING',
  jsonSchemaTools: 'called',
  acceptsScheduling: true,
  greets: 'onClientContent',
  closesTurnOnStreamEnd: true,
  mediaChunks: 'taken',
  activityStart: 'interrupts',
  textInActivity: 'endsActivity',
  transcribesUnasked: [],
  tellsVoiceActivity: false,
  hasCallIds: true,
  repeatsEmptyCalls: 0,
  reportsInteraction: false,
};

/** The models that the simulator knows, by the name that goes into the setup. */
const modelRules: ReadonlyMap<string, SetupRules> = new Map([
  ['models/gemini-3.8-live', live38],
  [
    'models/gemini-3.8-live-extended-thinking',
    {
      ...live38,
      thinkingKeys: ['thinkingLevel', 'includeThoughts'],
      thinkingLevels,
      needsThinkingLevel: true,
      behaviors: ['NON_BLOCKING'],
      jsonSchemaTools: 'onlyNamed',
      acceptsScheduling: false,
      greets: 'unasked',
      repeatsEmptyCalls: 0,
      reportsInteraction: true,
    },
  ],
  [
    'models/gemini-3.1-flash-live-preview',
    {
      thinkingKeys: ['thinkingLevel', 'includeThoughts'],
      thinkingLevels: ['MINIMAL', ...thinkingLevels],
      needsThinkingLevel: false,
      affectiveDialog: 'unanswered',
      proactiveAudio: 'unanswered',
      behaviors: ['BLOCKING'],
      behaviorDefault: 'BLOCKING',
      jsonSchemaTools: 'called',
      acceptsScheduling: false,
      greets: 'onText',
      closesTurnOnStreamEnd: true,
      mediaChunks: 'refused',
      // Seen, twice of two.
      activityStart: 'interrupts',
      textInActivity: 'refused',
      transcribesUnasked: ['input'],
      tellsVoiceActivity: true,
      hasCallIds: true,
      repeatsEmptyCalls: 0,
      reportsInteraction: false,
    },
  ],
  ['models/gemini-2.5-flash-native-audio-preview-12-2025', native25],
  // As it is on Vertex AI, where its calls have no ids, and at its strictest (GM-TOOL-9).
  [
    'models/gemini-live-2.5-flash-native-audio',
    { ...native25, hasCallIds: false, behaviors: [], acceptsScheduling: false, jsonSchemaTools: 'refused' },
  ],
]);

/** How Vertex AI names its models, before `models/` (GM-VERTEX-1). */
const projectPath = /^projects\/[^/]+\/locations\/[^/]+\/publishers\/google\//;

/** What becomes of a well-formed setup. */
export type SetupVerdict =
  /** Some models leave an accepted setup without an answer. */
  | { readonly type: 'accepted'; readonly rules: SetupRules; readonly isAnswered: boolean }
  | { readonly type: 'refused'; readonly close: CloseFrame };

/** Holds a setup against the rules of the model it names: GM-SETUP-3, and 1008 for a model that does not exist or is `missing` (GM-CLOSE-1). */
export function judgeSetup(setup: Setup, apiVersion: string, missingModels: readonly string[]): SetupVerdict {
  const rules = modelRules.get(setup.model.replace(projectPath, ''));
  if (rules === undefined || missingModels.includes(setup.model)) {
    const reason = `${setup.model} is not found for API version ${apiVersion}, or is not supported for bidiGenerateContent.`;
    return { type: 'refused', close: closeFrame(1008, reason) };
  }
  const fault = generationFault(setup, rules) ?? toolsFault(setup, rules) ?? proactivityFault(setup, rules);
  if (fault !== null) return { type: 'refused', close: fault };
  const isUnanswered =
    (rules.affectiveDialog === 'unanswered' && setup.generationConfig?.enableAffectiveDialog !== undefined) ||
    (rules.proactiveAudio === 'unanswered' && setup.proactivity !== undefined);
  return { type: 'accepted', rules, isAnswered: !isUnanswered };
}

function generationFault(setup: Setup, rules: SetupRules): CloseFrame | null {
  const { responseModalities, speechConfig, thinkingConfig, enableAffectiveDialog } = setup.generationConfig ?? {};
  if (responseModalities !== undefined && responseModalities.join() !== 'AUDIO') {
    if (speechConfig === undefined || responseModalities.includes('AUDIO')) return closeReasons.argumentInvalid;
    return closeFrame(1007, 'Cannot extract voices from a non-audio request.');
  }
  if (enableAffectiveDialog !== undefined && rules.affectiveDialog === 'refused') return closeReasons.argumentInvalid;
  if (rules.needsThinkingLevel && thinkingConfig?.thinkingLevel === undefined) return closeReasons.thinkingLevelMissing;
  if (thinkingConfig === undefined) return null;
  const { thinkingLevel } = thinkingConfig;
  const isAllowed =
    rules.thinkingKeys.length > 0 &&
    Object.keys(thinkingConfig).every((key) => rules.thinkingKeys.includes(key)) &&
    (thinkingLevel === undefined || rules.thinkingLevels.includes(thinkingLevel.toUpperCase()));
  return isAllowed ? null : closeReasons.argumentInvalid;
}

function proactivityFault(setup: Setup, rules: SetupRules): CloseFrame | null {
  const isSwitchedOff = setup.proactivity?.proactiveAudio === false;
  return isSwitchedOff && rules.proactiveAudio === 'alwaysOn' ? closeReasons.argumentInvalid : null;
}

function toolsFault(setup: Setup, rules: SetupRules): CloseFrame | null {
  const kinds = (setup.tools ?? []).flatMap((tool) => Object.keys(tool));
  if (!kinds.every((kind) => toolKinds.has(kind))) return closeReasons.argumentInvalid;
  const names = new Set<string>();
  for (const declaration of declarations(setup)) {
    const { name, behavior, parameters, parametersJsonSchema } = declaration;
    const isWrong =
      !/^[A-Za-z_][\w.:-]{0,127}$/.test(name) ||
      names.has(name) ||
      (parameters !== undefined && parametersJsonSchema !== undefined) ||
      (parametersJsonSchema !== undefined && rules.jsonSchemaTools === 'refused') ||
      (behavior !== undefined && !rules.behaviors.includes(behavior));
    if (isWrong) return closeReasons.argumentInvalid;
    // The service was seen to end the session with 1008 over an empty list of required parameters.
    if (parameters?.required?.length === 0) return closeReasons.notImplemented;
    names.add(name);
  }
  return null;
}

/** The functions that a setup declares, from all its tool entries. */
export function declarations(setup: Setup): readonly FunctionDeclaration[] {
  return (setup.tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []);
}

/** How a service that does not know these fields refuses a setup that holds one of them (GM-SETUP-2); null if it holds none. */
export function unknownField(setup: Setup, paths: readonly string[]): CloseFrame | null {
  const unknown = paths.map((path) => path.split('.')).find((path) => holds(setup, path));
  return unknown === undefined
    ? null
    : refusal(unknownName(String(unknown.at(-1)), ['setup', ...unknown.slice(0, -1)]));
}

function holds(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return value !== undefined;
  return isJsonObject(value) && holds(value[key], rest);
}
