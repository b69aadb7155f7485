import type { Config } from '../../config/config.ts';
import type { PlannedDestination } from '../../config/destinations/destination-schema.ts';
import { defaultPrompt } from '../../config/system-instruction.ts';
import { type Finding, ok, warning } from './check.ts';

/** About 5,000 tokens. */
const promptCharactersUsual = 20_000;

/** Nobody describes an agent in less. */
const promptCharactersMin = 40;

/** Safe for every language. */
const charactersPerToken = 3;

/** What it means that there is no account. */
export const transferCanFail = 'without TWILIO_ACCOUNT_SID a transfer fails when the stream is lost at that moment';

export const transferAdvice = 'Set TWILIO_ACCOUNT_SID: npm run setup.';

/** Whether a prompt says who the agent is. `setting` is the one in which that would stand. */
export function judgePrompt(prompt: string, setting: 'AGENT_PROMPT_FILE' | 'AGENTS_FILE'): Finding {
  const isInAgentsFile = setting === 'AGENTS_FILE';
  if (prompt === defaultPrompt) {
    const lacks = 'neither AGENT_PROMPT nor AGENT_PROMPT_FILE is set';
    return warning(
      `${isInAgentsFile ? `it has no prompt, and ${lacks}` : lacks}: the agent is the assistant of some company.`,
      isInAgentsFile
        ? 'Write into AGENTS_FILE, as its prompt, who the agent is.'
        : 'Write into a file who the agent is, and name it in AGENT_PROMPT_FILE.',
    );
  }
  const size = `${prompt.length} characters, about ${Math.ceil(prompt.length / charactersPerToken)} tokens`;
  if (prompt.length < promptCharactersMin)
    return warning(
      `the prompt is short (${size}): "${prompt}".`,
      isInAgentsFile
        ? 'Write into AGENTS_FILE what else the agent is for.'
        : 'Put a prompt of several lines, or with a #, into a file, and name it in AGENT_PROMPT_FILE.',
    );
  if (prompt.length > promptCharactersUsual)
    return warning(
      `the prompt is long (${size}), and each turn pays for it.`,
      'Move what is looked up now and then into LOOKUP_FILE.',
    );
  return ok(`${size}.`);
}

/** With whom an agent connects callers. */
export function judgeDestinations(
  destinations: ReadonlyMap<string, PlannedDestination>,
  { accountSid }: Pick<Config['twilio'], 'accountSid'>,
): Finding {
  if (destinations.size === 0) return ok('none is set, so the agent connects callers with nobody.');
  const names = placesWords(destinations);
  if (accountSid !== null) return ok(`${names}.`);
  return warning(`${names}; ${transferCanFail}.`, transferAdvice);
}

/** Who takes a call when the agent fails. */
export function judgeFallback({ number, voicemail }: Config['fallback']): Finding {
  if (number === null && voicemail === null)
    return warning(
      'when the agent fails, callers hear the apology and a goodbye.',
      'Set FALLBACK_DESTINATION to the number of a person, or FALLBACK_VOICEMAIL=true.',
    );
  const ways = [...(number === null ? [] : [number]), ...(voicemail === null ? [] : ['the voicemail'])];
  return ok(`when the agent fails, callers get ${ways.join(', then ')}.`);
}

/** The keys stand there as Twilio is told them, where a `w` waits half a second. */
function targetWords({ address, digits }: PlannedDestination['targets'][number]): string {
  return digits === '' ? address : `${address} and then the keys ${digits}`;
}

/** Where callers may be connected, and how each call is taken. */
export function placesWords(destinations: ReadonlyMap<string, PlannedDestination>): string {
  return [...destinations].map(([name, place]) => `${name} ${placeWords(place)}`).join(', ');
}

/** Whom a destination calls, and how the call is taken. */
function placeWords({ targets, accept }: PlannedDestination): string {
  const whom = targets.map(targetWords).join(', then ');
  return `${whom}${accept === 'press1' ? ', taken by pressing 1' : ', whoever answers'}`;
}
