import { resolve } from 'node:path';
import type { Fallback, Voicemail } from '../../call/call-settings.ts';
import type { AgentProfile } from '../agent-profile.ts';
import type { AgentFields } from './agent-fields.ts';

/** An agent as its fields say it; what they leave out is as of `base`, the agent of the environment. */
export function agentOfFields(
  name: string,
  fields: AgentFields,
  base: AgentProfile,
  { voicemail, folder }: { readonly voicemail: Voicemail; readonly folder: string },
): AgentProfile {
  const { language, filler_phrase_file: fillerPhrase } = fields;
  const isOtherLanguage = language !== undefined && language.name !== base.language;
  return {
    ...base,
    name,
    numbers: fields.numbers ?? [],
    prompt: fields.prompt ?? base.prompt,
    greeting: fields.greeting ?? base.greeting,
    voice: fields.voice ?? base.voice,
    ...(language === undefined ? {} : { language: language.name, languageTag: language.tag }),
    apology: fields.apology ?? base.apology,
    // A phrase in another language than the agent's is worse than a tone.
    fillerPhraseFile:
      fillerPhrase === undefined ? (isOtherLanguage ? null : base.fillerPhraseFile) : resolve(folder, fillerPhrase),
    schedule: {
      week: fields.hours ?? base.schedule.week,
      holidays: fields.holidays ?? base.schedule.holidays,
      timeZone: fields.time_zone ?? base.schedule.timeZone,
    },
    // The texts of the base may name what the base declares.
    contextDefaults: new Map([...base.contextDefaults, ...(fields.context ?? [])]),
    model: fields.model ?? base.model,
    tools: fields.tools ?? base.tools,
    fallback: fallbackOf(fields.fallback ?? {}, base.fallback, voicemail),
  };
}

/** `usual`: what a message is asked for with where the base takes none. */
function fallbackOf(fields: NonNullable<AgentFields['fallback']>, base: Fallback, usual: Voicemail): Fallback {
  const { prompt, thanks, secondsMax } = base.voicemail ?? usual;
  const voicemail = {
    prompt: fields.voicemail_prompt ?? prompt,
    thanks: fields.voicemail_thanks ?? thanks,
    secondsMax: fields.voicemail_max_seconds ?? secondsMax,
  };
  return {
    number: fields.number === undefined ? base.number : fields.number,
    voicemail: (fields.voicemail ?? base.voicemail !== null) ? voicemail : null,
  };
}
