import { about } from '../../config/about.ts';
import { credentialProblems, credentialWarnings } from '../../config/doubts/credential-kinds.ts';
import { placeholderProblems } from '../../config/doubts/placeholders.ts';
import { publicUrlWarnings } from '../../config/doubts/public-url.ts';
import { environment } from '../../config/environment.ts';
import { misspeltWarnings } from '../../config/misspelt.ts';

/** A setting without which no real call is answered. */
export interface Wanted {
  readonly name: string;
  readonly question: string;
  /** Where to get it. */
  readonly where: string;
}

/** What is asked for when it is missing, in this order. */
const wantedSettings: readonly Wanted[] = [
  {
    name: 'GEMINI_API_KEY',
    question: 'Key of the Gemini API',
    where: 'https://aistudio.google.com/apikey',
  },
  {
    name: 'TWILIO_ACCOUNT_SID',
    question: 'Account SID of Twilio, which begins with AC',
    where: 'https://console.twilio.com, Account Info',
  },
  {
    name: 'TWILIO_AUTH_TOKEN',
    question: 'Auth token of that account',
    where: 'the same place: the primary one, with which Twilio signs',
  },
  {
    name: 'PUBLIC_URL',
    question: 'Address at which Twilio reaches this machine, such as https://voice.example.com',
    where: 'your domain, or a tunnel',
  },
];

/** What no start does without, where it is not there or cannot be meant. */
export function missingSettings(values: ReadonlyMap<string, string>): readonly Wanted[] {
  return neededSettings(values).filter(({ name }) => {
    const value = values.get(name);
    return value === undefined || formProblem(name, value) !== null;
  });
}

/** With Vertex AI there is no key. */
function neededSettings(values: ReadonlyMap<string, string>): readonly Wanted[] {
  const needsKey = values.get('GOOGLE_GENAI_USE_VERTEXAI') !== 'true' && !values.has('GEMINI_BASE_URL');
  return wantedSettings.filter(({ name }) => needsKey || name !== 'GEMINI_API_KEY');
}

/** What a person is asked for: what is missing or wrong, and the address, because most tunnels give another one each time. */
export function settingsToAsk(
  values: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, string>,
): readonly Wanted[] {
  const missing = missingSettings(values);
  return wantedSettings.filter((one) => missing.includes(one) || (one.name === 'PUBLIC_URL' && !given.has(one.name)));
}

/** Whether there is such a setting. */
export function isSetting(name: string): name is keyof typeof environment.shape {
  return Object.hasOwn(environment.shape, name);
}

/** Whether its value must not be seen. */
export function isSecret(name: string): boolean {
  return isSetting(name) && about.get(environment.shape[name])?.secret === true;
}

/** What is wrong with a value, as a sentence that does not hold it; null when nothing is. */
export function formProblem(name: string, value: string): string | null {
  if (!isSetting(name)) {
    const [misspelt] = misspeltWarnings([name], Object.keys(environment.shape));
    return misspelt ?? `There is no setting named ${name}; docs/configuration.md lists them all.`;
  }
  const given = new Map([[name, value]]);
  const misplaced = credentialProblems(given).get(name) ?? placeholderProblems(given).get(name);
  if (misplaced !== undefined) return misplaced;
  const [issue] = environment.shape[name].safeParse(value).error?.issues ?? [];
  return issue === undefined ? null : `${name} ${issue.message}`;
}

/** One that has the form of an auth token. */
const anyAuthToken = '0123456789abcdef'.repeat(2);

/** What is doubtful about a value, one sentence each. */
export function formWarnings(name: string, value: string): string[] {
  // The other settings are asked for as well: none of them counts as missing.
  const given = new Map([['TWILIO_AUTH_TOKEN', anyAuthToken]]).set(name, value);
  return [...publicUrlWarnings(given), ...credentialWarnings(given)];
}

/** What is wrong with settings that are there, or doubtful, one sentence each. */
export function doubtsOfNeeded(values: ReadonlyMap<string, string>): string[] {
  return neededSettings(values).flatMap(({ name }) => {
    const value = values.get(name);
    if (value === undefined) return [];
    const problem = formProblem(name, value);
    if (problem !== null) return [problem];
    return formWarnings(name, value).map((warning) => `${warning} --set ${name}=… replaces it.`);
  });
}

/** Whether Twilio could ask it. */
export function isAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}
