import { variableOfField } from '../../../config/model/setup-fields.ts';
import { isJsonObject } from '../../../encoding/json.ts';
import type { SdkOrder } from '../../../gemini/sdk.ts';

type Setup = SdkOrder['setup'];

/** A field of a setup that the service does not take. */
export interface OffendingField {
  /** As in `realtimeInputConfig.activityHandling` or `tools.lookup_record`. */
  readonly path: string;
  /** The setting that brings it. */
  readonly setting: string;
  /** Whether the setup is taken without it. */
  readonly isOnlyOne: boolean;
}

/** Which setting brings which field, by the beginning of its path. Whatever is not here is what an admin has added. */
const settings: readonly (readonly [string, string])[] = [
  ['systemInstruction', 'AGENT_PROMPT'],
  ['speechConfig.languageCode', 'AGENT_LANGUAGE'],
  ['speechConfig', 'AGENT_VOICE'],
  ['realtimeInputConfig.automaticActivityDetection.disabled', 'TURN_DETECTION'],
  ['realtimeInputConfig.automaticActivityDetection', 'one of GEMINI_VAD_…'],
  ['realtimeInputConfig.activityHandling', 'GEMINI_INTERRUPTIONS'],
  ['contextWindowCompression', 'GEMINI_COMPRESSION and the settings beside it'],
  ['sessionResumption', 'GEMINI_RESUMPTION'],
  ['inputAudioTranscription', 'GEMINI_TRANSCRIPTION'],
  ['outputAudioTranscription', 'GEMINI_TRANSCRIPTION'],
  ['tools.googleSearch', 'GEMINI_GOOGLE_SEARCH'],
  ['tools.', 'the tool of that name'],
];

/** Without them a session has no voice, or is refused where a level is wanted (GM-SETUP-3). */
const kept: ReadonlySet<string> = new Set(['responseModalities', 'thinkingConfig.thinkingLevel']);

/**
 * Finds the field because of which a setup is refused, by halves: of twenty fields in five setups. `accepts` asks the service about a
 * setup. Null when even the setup without any of them is refused, so that no field is to blame.
 */
export async function offendingField(
  setup: Setup,
  accepts: (setup: Setup) => Promise<boolean>,
): Promise<OffendingField | null> {
  const paths = [...fieldPaths(setup.config), ...fieldPaths(setup.unlisted)];
  const withOnly = (some: readonly string[]): Setup => {
    const these = new Set([...kept, ...some]);
    return { ...setup, config: partOf(setup.config, these), unlisted: partOf(setup.unlisted, these) };
  };
  if (!(await accepts(withOnly([])))) return null;
  let accepted = 0;
  let refused = paths.length;
  while (refused - accepted > 1) {
    const middle = Math.floor((accepted + refused) / 2);
    if (await accepts(withOnly(paths.slice(0, middle)))) accepted = middle;
    else refused = middle;
  }
  const path = paths[accepted] ?? '';
  const isOnlyOne = await accepts(withOnly(paths.filter((other) => other !== path)));
  return { path, setting: settingOf(path), isOnlyOne };
}

function settingOf(path: string): string {
  const own = settings.find(([start]) => path.startsWith(start))?.[1];
  if (own !== undefined) return own;
  const variable = variableOfField(path);
  return variable === null ? 'GEMINI_SETUP_JSON' : `${variable} or GEMINI_SETUP_JSON`;
}

/** The paths of all values; a tool counts as one. */
function fieldPaths(value: object, above = ''): string[] {
  return Object.entries(value).flatMap(([name, part]: [string, unknown]) => {
    const path = `${above}${name}`;
    if (path === 'tools') return toolNames(part).map((tool) => `tools.${tool}`);
    if (!isJsonObject(part) || Object.keys(part).length === 0) return kept.has(path) ? [] : [path];
    return fieldPaths(part, `${path}.`);
  });
}

function partOf(value: object, paths: ReadonlySet<string>, above = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]: [string, unknown]): [string, unknown][] => {
      const path = `${above}${name}`;
      if (paths.has(path)) return [[name, part]];
      if (path === 'tools') return someTools(part, paths);
      const some = isJsonObject(part) ? partOf(part, paths, `${path}.`) : {};
      return Object.keys(some).length === 0 ? [] : [[name, some]];
    }),
  );
}

function toolNames(tools: unknown): string[] {
  return entriesOf(tools).flatMap((entry) =>
    'functionDeclarations' in entry ? declarationsOf(entry).map(({ name }) => String(name)) : Object.keys(entry),
  );
}

function someTools(tools: unknown, paths: ReadonlySet<string>): [string, unknown][] {
  const some = entriesOf(tools).flatMap((entry) => {
    if (!('functionDeclarations' in entry))
      return Object.keys(entry).some((name) => paths.has(`tools.${name}`)) ? [entry] : [];
    const functionDeclarations = declarationsOf(entry).filter(({ name }) => paths.has(`tools.${String(name)}`));
    return functionDeclarations.length === 0 ? [] : [{ functionDeclarations }];
  });
  return some.length === 0 ? [] : [['tools', some]];
}

function entriesOf(tools: unknown): Record<string, unknown>[] {
  return Array.isArray(tools) ? tools.filter((entry) => isJsonObject(entry)) : [];
}

function declarationsOf({ functionDeclarations }: Record<string, unknown>): Record<string, unknown>[] {
  return entriesOf(functionDeclarations);
}
