type Given = ReadonlyMap<string, string>;

const geminiKey = 'a key of the Gemini API';
const authToken = 'an auth token of Twilio';
const accountSid = 'the SID of a Twilio account';
const keySid = 'the SID of a Twilio API key';

/** How credentials look. The first that fits counts. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^AC[0-9a-f]{32}$/i, accountSid],
  [/^SK[0-9a-f]{32}$/i, keySid],
  [/^PN[0-9a-f]{32}$/i, 'the SID of a phone number of Twilio'],
  [/^[A-Z]{2}[0-9a-f]{32}$/, 'the SID of something else of Twilio'],
  [/^[0-9a-f]{32}$/, authToken],
  [/^AIza[\w-]+$|^AQ\.[\w.-]+$/, geminiKey],
  [/^auth_tokens\//, 'an ephemeral token of the Gemini API'],
  [/^ya29\./, 'an access token of Google, which ends within the hour'],
  [/^GOCSPX-|\.apps\.googleusercontent\.com$/, 'a part of an OAuth client of Google'],
  [/^\{|^-----BEGIN/, 'the text of a key file'],
  [/^sk-ant-/, 'a key of Anthropic'],
  [/^(sk|rk|pk)_(live|test)_/, 'a key of Stripe'],
  [/^sk-/, 'a key of OpenAI'],
  [/^gsk_/, 'a key of Groq'],
  [/^xai-/, 'a key of xAI'],
  [/^hf_/, 'a token of Hugging Face'],
  [/^AKIA[0-9A-Z]{16}$/, 'a key of AWS'],
  [/^gh[pousr]_|^github_pat_/, 'a token of GitHub'],
  [/^\+?\d[\d ()-]{6,}$/, 'a telephone number'],
  [/^https?:\/\//, 'an address'],
];

/** Where each is to be found. */
const wanted: Readonly<Record<string, { readonly kind: string; readonly from: string }>> = {
  GEMINI_API_KEY: { kind: geminiKey, from: 'https://aistudio.google.com/apikey shows it' },
  TWILIO_ACCOUNT_SID: {
    kind: accountSid,
    from: 'it stands on the first page of the Twilio console and starts with AC',
  },
  TWILIO_AUTH_TOKEN: { kind: authToken, from: 'it stands beside the account SID in the Twilio console' },
  TWILIO_API_KEY_SID: { kind: keySid, from: 'the Twilio console shows it under "API keys", and it starts with SK' },
  TWILIO_API_KEY_SECRET: {
    kind: 'the secret of a Twilio API key',
    from: 'the Twilio console shows it once, when the key is made',
  },
};

/** Credentials of the wrong kind, with which nothing could work, each with a sentence that does not show them. */
export function credentialProblems(given: Given): Map<string, string> {
  const problems = new Map<string, string>();
  for (const [name, { kind, from }] of Object.entries(wanted)) {
    const value = given.get(name);
    // What another server takes for a key is its own affair.
    if (value === undefined || (name === 'GEMINI_API_KEY' && given.has('GEMINI_BASE_URL'))) continue;
    const found = kinds.find(([form]) => form.test(value))?.[1];
    if (found !== undefined && found !== kind) problems.set(name, `${name} is ${found}; it wants ${kind}: ${from}.`);
  }
  return problems;
}

/** Credentials that are likely to be refused, one sentence each. */
export function credentialWarnings(given: Given): string[] {
  return [...geminiKeyWarnings(given), ...twilioWarnings(given)];
}

/** Google: https://ai.google.dev/gemini-api/docs/api-key. The length of the old keys is not documented; all that were seen have it. */
function geminiKeyWarnings(given: Given): string[] {
  const key = given.get('GEMINI_API_KEY');
  if (key === undefined || given.has('GEMINI_BASE_URL')) return [];
  const renew = 'make a new one at https://aistudio.google.com/apikey if it is refused';
  if (/^AIza[\w-]{35}$/.test(key)) {
    const fate = 'which the Gemini API was to refuse from September 2026 on';
    return [`GEMINI_API_KEY is a standard key (AIza…), ${fate}; ${renew}. New ones begin with AQ.`];
  }
  if (key.startsWith('AIza'))
    return [`GEMINI_API_KEY has ${key.length} characters, and keys that begin with AIza have 39; copy it anew.`];
  return /^AQ\.[\w.-]{20,}$/.test(key)
    ? []
    : [`GEMINI_API_KEY does not look like a key of the Gemini API, which begins with AQ. or AIza; copy it anew.`];
}

function twilioWarnings(given: Given): string[] {
  const warnings: string[] = [];
  const token = given.get('TWILIO_AUTH_TOKEN');
  if (token !== undefined && !/^[0-9a-f]{32}$/.test(token)) {
    const has =
      token.length === 32
        ? 'characters that no auth token has'
        : `${token.length} ${token.length === 1 ? 'character' : 'characters'}`;
    warnings.push(
      `TWILIO_AUTH_TOKEN has ${has}: 32 digits from 0 to f are wanted, and the secret of an API key will not do; copy it anew.`,
    );
  }
  const sid = given.get('TWILIO_ACCOUNT_SID');
  if (sid !== undefined && /^AC(.)\1{31}$/.test(sid))
    warnings.push('TWILIO_ACCOUNT_SID is one digit, 32 times, as in an example; put your own in its place.');
  if (sid !== undefined && token === undefined && !given.has('TWILIO_API_KEY_SID'))
    warnings.push(
      'TWILIO_ACCOUNT_SID does nothing without TWILIO_AUTH_TOKEN or an API key, with which Parley signs in; set one of them.',
    );
  return warnings;
}
