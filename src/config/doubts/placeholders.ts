/** Settings of which a sample says nothing. In a sentence that the agent says, an ellipsis is no sample. */
const credentials = [
  'GEMINI_API_KEY',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_SECONDARY_AUTH_TOKEN',
  'TWILIO_WEBHOOK_SECRET',
  'TWILIO_SECONDARY_WEBHOOK_SECRET',
  'TWILIO_API_KEY_SID',
  'TWILIO_API_KEY_SECRET',
];
const others = ['PUBLIC_URL', 'GOOGLE_CLOUD_PROJECT', 'TRANSFER_DESTINATIONS', 'FALLBACK_DESTINATION'];

/** What manuals and forms write where a value belongs. */
const samples = [
  /…|\.\.\./,
  /^<.*>$|^\[.*\]$/,
  /(^|[^a-z0-9])your[-_ ]?(own|auth|api|key|token|domain|tunnel|host|server|project|account|secret|sid|number)(?![a-z])/i,
  /x{6}/i,
];

/** What may well begin or end the name of a host, a project or a person, and no credential. */
const samplesOfCredentials = [
  /^(my|the|your|replace|insert|paste|change|enter)[-_ ]/i,
  /[-_ ]here$/i,
  /^(changeme|replaceme|todo|tbd|none|null|undefined|n\/a|placeholder|dummy|redacted|hidden)$/i,
];

/** How a page shows a secret that it hides. */
const masked = /[•●∙·*]{3}/;

/** Settings that hold a sample instead of a value, each with a sentence that does not show it. */
export function placeholderProblems(given: ReadonlyMap<string, string>): Map<string, string> {
  const problems = new Map<string, string>();
  for (const name of [...credentials, ...others]) {
    const value = given.get(name) ?? '';
    const known = credentials.includes(name) ? [...samples, ...samplesOfCredentials] : samples;
    if (masked.test(value))
      problems.set(
        name,
        `${name} holds the dots with which a page hides a secret; have the page show it, and copy it anew.`,
      );
    else if (known.some((sample) => sample.test(value)))
      problems.set(name, `${name} holds a placeholder; put your own value in its place, or leave it empty.`);
  }
  return problems;
}
