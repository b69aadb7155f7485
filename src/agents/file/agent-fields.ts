import { z } from 'zod';
import { promptCharactersMax, sentenceCharactersMax } from '../../config/environment.ts';
import {
  destinationFieldNames,
  destinationForms,
  type TransferDefaults,
} from '../../config/destinations/destination-schema.ts';
import { fallbackNumber, phoneNumber } from '../../config/destinations/number-forms.ts';
import { language } from '../../config/parsers.ts';
import { businessHours, contextMap, holidayList, timeZone } from '../forms.ts';
import { voices } from '../../config/model/voices.ts';

/** More numbers than anybody leads to one agent. */
const numbersMax = 200;

const sentence = z.string().min(1).max(sentenceCharactersMax);

/** Like the language of the environment, or whichever the caller speaks. */
const spokenLanguage = z.string().transform((text, context): { name: string | null; tag: string | null } => {
  if (text === 'caller') return { name: null, tag: null };
  const read = language.safeParse(text);
  if (read.success) return read.data;
  for (const { message } of read.error.issues) context.addIssue(message);
  return z.NEVER;
});

type Country = TransferDefaults['country'];

/** Who takes over when the agent cannot go on. */
function fallbackFields(country: Country) {
  return z.strictObject({
    number: z
      .union([fallbackNumber(country), z.literal('none').transform(() => null)])
      .optional()
      .describe('The number that takes the call when the agent fails, such as "+43 1 2345678"; none for nobody.'),
    voicemail: z.boolean().optional().describe('Whether the caller may leave a message when nobody takes the call.'),
    voicemail_prompt: sentence.optional().describe('How the caller is asked for the message, after the apology.'),
    voicemail_thanks: sentence.optional().describe('What the caller hears after the message.'),
    voicemail_max_seconds: z.int().min(5).max(600).optional().describe('The longest message, from 5 to 600 seconds.'),
  });
}

/**
 * What the agents file says of one agent. What is left out is as the environment says. `country` is whose national numbers are understood, if
 * any.
 */
export function agentFields(country: Country) {
  return z.strictObject({
    numbers: z
      .array(phoneNumber(country))
      .max(numbersMax)
      .optional()
      .describe(
        'The numbers that it answers, in quotes and each with its country, "+43 1 2345678", or as at home in PHONE_COUNTRY.',
      ),
    default: z.boolean().optional().describe('Whether it answers all numbers that no other agent has. One agent does.'),
    prompt: z.string().min(1).max(promptCharactersMax).optional().describe('Who the agent is and what it does.'),
    greeting: sentence.optional().describe('The first sentence that the caller hears.'),
    voice: z.enum(voices).optional().describe('One of the thirty voices of Gemini.'),
    language: spokenLanguage
      .optional()
      .describe('The only language that it speaks, such as German or de-AT; caller for that of the caller.'),
    apology: sentence.optional().describe('What the caller hears when the agent fails, spoken by Twilio.'),
    filler_phrase_file: z
      .string()
      .min(1)
      .optional()
      .describe('WAV file with the words that ask a waiting caller for patience, as FILLER_PHRASE_FILE.'),
    tools: z
      .array(z.string())
      .optional()
      .describe(
        'Names of the tools that it may use; left out: all. It can always end the call, and transfer if it has destinations.',
      ),
    destinations: destinationForms
      .optional()
      .describe(
        'Where it may connect callers: a name that it says, and a number, a sip: address, or what else is to be said of it. {} for nowhere.',
      ),
    fallback: fallbackFields(country).optional().describe('What becomes of a call when the agent cannot go on.'),
    time_zone: timeZone.optional().describe('Where it is at home, as TIME_ZONE.'),
    hours: businessHours.optional().describe('When its business is open, as BUSINESS_HOURS.'),
    holidays: holidayList.optional().describe('Days that differ, as HOLIDAYS.'),
    context: contextMap
      .optional()
      .describe(
        'Names that its texts may hold as {{name}}, beside those of CONTEXT_DEFAULTS, each with what it is when nobody knows better.',
      ),
    model: z.string().min(1).optional().describe('The model that its calls begin with, as GEMINI_MODEL.'),
  });
}

/** The fields that there may be at this place below an agent. */
export function fieldsAt(path: readonly PropertyKey[]): string[] {
  const [first, ...rest] = path;
  if (rest.length === 0) return Object.keys(agentFields(null).shape);
  if (first === 'destinations' && rest.length > 1) return [...destinationFieldNames];
  return first === 'fallback' && rest.length === 1 ? Object.keys(fallbackFields(null).shape) : [];
}

/** The fields of an agent, checked. */
export type AgentFields = z.output<ReturnType<typeof agentFields>>;

/** What others call our fields. */
export const agentWords: Readonly<Record<string, string>> = {
  business_hours: 'hours',
  opening_hours: 'hours',
  timezone: 'time_zone',
  tz: 'time_zone',
  number: 'numbers',
  phone: 'numbers',
  phones: 'numbers',
  phone_number: 'numbers',
  phone_numbers: 'numbers',
  to: 'numbers',
  is_default: 'default',
  instruction: 'prompt',
  instructions: 'prompt',
  system: 'prompt',
  system_prompt: 'prompt',
  system_instruction: 'prompt',
  agent_prompt: 'prompt',
  prompt_file: 'prompt',
  welcome: 'greeting',
  hello: 'greeting',
  first_message: 'greeting',
  agent_greeting: 'greeting',
  agent_voice: 'voice',
  lang: 'language',
  locale: 'language',
  agent_language: 'language',
  sorry: 'apology',
  agent_apology: 'apology',
  functions: 'tools',
  transfer: 'destinations',
  transfers: 'destinations',
  transfer_destinations: 'destinations',
  fallback_destination: 'fallback',
  context_defaults: 'context',
  defaults: 'context',
  placeholders: 'context',
  values: 'context',
  variables: 'context',
  filler_phrase: 'filler_phrase_file',
  gemini_model: 'model',
};
