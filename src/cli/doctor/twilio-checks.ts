import { callingCodeOf } from '../../config/destinations/phone-numbers.ts';
import { twilioClient } from '../../twilio/edge/account-client.ts';
import { outageAdvice, clientFailure } from '../../twilio/edge/client-failure.ts';
import { type Check, type Finding, ok, skipped, warning, wrong } from './check.ts';
import { CheckFailure } from './check-failure.ts';
import { numberFindings } from './number-findings.ts';
import type { Scene } from './scene.ts';

/** More numbers than one small company has. */
const numbersMax = 200;

/** What Twilio knows of the account and of the numbers that shall lead here. */
export const twilioChecks: readonly Check[] = [
  { name: 'Twilio account', group: 'twilio', msMax: 12_000, run: judgeAccount },
  { name: 'number', group: 'twilio', needs: ['Twilio account'], msMax: 15_000, run: judgeNumbers },
];

async function judgeAccount({ config: { twilio }, world }: Scene): Promise<Finding[]> {
  const { accountSid, authToken, apiKey } = twilio;
  if (accountSid === null)
    return [
      warning(
        'TWILIO_ACCOUNT_SID is not set: calls cannot be redirected when a stream is lost, and their number cannot be checked.',
        'Copy it from https://console.twilio.com, Account Info: npm run setup.',
      ),
    ];
  if (authToken === null) return [skipped('TWILIO_AUTH_TOKEN is not set, and an API key may not read the account.')];
  const client = twilioClient({ accountSid, username: accountSid, password: authToken }, world.twilioHttp);
  const account = await asked(
    client.api.v2010.accounts(accountSid).fetch(),
    'TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN',
    'the primary auth token',
  );
  const found: Finding[] = [];
  if (account.status !== 'active')
    found.push(
      wrong(
        `the account is ${account.status}: Twilio takes no calls for it.`,
        'See why at https://console.twilio.com, and pay or write to the support.',
      ),
    );
  if (account.type === 'Trial')
    found.push(
      warning(
        'this is a trial: each caller first hears a message of Twilio, and transfers reach verified numbers only.',
        'Upgrade it at https://console.twilio.com under Billing before real callers come.',
      ),
    );
  if (account.authToken && !twilio.signing.authTokens.includes(account.authToken))
    found.push(
      wrong(
        'TWILIO_AUTH_TOKEN lets us in, but is not the primary token, with which Twilio signs: every call would be refused.',
        'Copy the primary token from https://console.twilio.com, Account Info, into TWILIO_AUTH_TOKEN.',
      ),
    );
  if (apiKey !== null) {
    const withKey = twilioClient({ accountSid, username: apiKey.sid, password: apiKey.secret }, world.twilioHttp);
    await asked(
      withKey.incomingPhoneNumbers.list({ limit: 1 }),
      'TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET',
      'an API key of this account',
    );
  }
  return found.length > 0 ? found : [ok('it is active, and lets us in.')];
}

async function judgeNumbers({ config, world }: Scene): Promise<Finding[]> {
  const { twilio, http, transferDestinations, fallback } = config;
  const { accountSid, authToken } = twilio;
  if (accountSid === null || authToken === null) return [skipped('there is no access to the account.')];
  if (http.publicUrl === null) return [skipped('PUBLIC_URL is not set.')];
  const client = twilioClient({ accountSid, username: accountSid, password: authToken }, world.twilioHttp);
  const numbers = await asked(
    client.incomingPhoneNumbers.list({ limit: numbersMax }),
    'TWILIO_AUTH_TOKEN',
    'the primary auth token',
  );
  const dialled = [
    ...[...transferDestinations].flatMap(([name, { targets }]) =>
      targets.map(({ address }) => [name, address] as const),
    ),
    ...(fallback.number === null ? [] : [['FALLBACK_DESTINATION', fallback.number] as const]),
  ];
  const own = new Set(numbers.map(({ phoneNumber }) => phoneNumber));
  const targets = [...transferDestinations].flatMap(([name, place]) =>
    place.targets.map((target) => ({ name, ...target })),
  );
  return [
    ...numberFindings(numbers, http.publicUrl),
    ...callerIdFindings(targets, own),
    ...abroadFindings(
      dialled.map(([, number]) => number),
      numbers.map(({ phoneNumber }) => phoneNumber),
    ),
    ...dialled
      .filter(([, number]) => own.has(number))
      .map(([name]) =>
        warning(
          `${name} is a number of this Twilio account: if it leads here, callers who are transferred come back to the agent.`,
          'Name a telephone at which a person answers.',
        ),
      ),
  ];
}

/** Twilio shows no number that is not the account's, the caller's, or verified (TW-TWIML-8): it then calls nobody. */
function callerIdFindings(
  targets: readonly { readonly name: string; readonly callerId: string | null }[],
  own: ReadonlySet<string>,
): Finding[] {
  const foreign = targets.filter(({ callerId }) => callerId !== null && !own.has(callerId));
  return [...new Set(foreign.map(({ name }) => name))].map((name) =>
    warning(
      `the caller_id of ${name} is no number of this Twilio account: unless it is verified there, nobody is called (13214).`,
      'Name a number of the account, or verify it in the Twilio console under Verified Caller IDs.',
    ),
  );
}

/** Calls to another country than that of the account's numbers are often not allowed at first (13227). */
function abroadFindings(dialled: readonly string[], numbers: readonly string[]): Finding[] {
  const home = new Set(numbers.map(callingCodeOf));
  const abroad = [...new Set(dialled.map(callingCodeOf))].filter((code) => code !== null && !home.has(code));
  if (numbers.length === 0 || abroad.length === 0) return [];
  return [
    ok(`callers are sent to +${abroad.join(', +')}: the geo permissions of the account must allow that (13227).`),
  ];
}

/** Waits for Twilio. Throws a CheckFailure that says which settings it does not take. */
async function asked<Answer>(request: Promise<Answer>, names: string, wanted: string): Promise<Answer> {
  try {
    return await request;
  } catch (error) {
    const failure = clientFailure(error);
    const { status, code, said } = failure;
    if (code === 20005)
      throw new CheckFailure(
        'the account is not active: Twilio takes no calls for it.',
        'See why at https://console.twilio.com, and pay or write to the support.',
      );
    if (status === 401 || status === 403)
      throw new CheckFailure(
        `Twilio does not take ${names} (${said}).`,
        `Copy both from https://console.twilio.com: it wants ${wanted}. npm run setup asks for them.`,
      );
    if (status === 404)
      throw new CheckFailure(
        `Twilio does not know TWILIO_ACCOUNT_SID (${said}).`,
        'Copy it from https://console.twilio.com, Account Info.',
      );
    if (status === 429)
      throw new CheckFailure(`Twilio had too many requests (${said}).`, 'Wait a minute, then run the doctor again.');
    throw new CheckFailure(`Twilio could not be asked (${said}).`, outageAdvice(failure));
  }
}
