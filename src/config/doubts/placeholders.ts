/** Settings of which a sample says nothing: keys, addresses, numbers. In a sentence that the agent says, an ellipsis is no sample. */
const names = [
  'GEMINI_API_KEY',
  'PUBLIC_URL',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_API_KEY_SID',
  'TWILIO_API_KEY_SECRET',
  'GOOGLE_CLOUD_PROJECT',
  'TRANSFER_DESTINATIONS',
  'FALLBACK_DESTINATION',
];

/** What manuals and forms write where a value belongs. A host or a project may well be called "my-…". */
const samples = [
  /…|\.\.\./,
  /^<.*>$|^\[.*\]$/,
  /(^|[^a-z0-9])your[-_ ]?(own|auth|api|key|token|domain|tunnel|host|server|project|account|secret|sid|number)/i,
  /^(the|your|replace|insert|paste|change|enter)[-_ ]/i,
  /^my[-_ ](auth|api|key|token|secret|account|gemini|twilio)/i,
  /[-_ ]here$/i,
  /x{6}/i,
  /^(changeme|replaceme|todo|tbd|none|null|undefined|n\/a|placeholder|dummy|redacted|hidden)$/i,
];

/** How a page shows a secret that it hides. */
const masked = /[•●∙·*]{3}/;

/** Settings that hold a sample instead of a value, each with a sentence that does not show it. */
export function placeholderProblems(given: ReadonlyMap<string, string>): Map<string, string> {
  const problems = new Map<string, string>();
  for (const name of names) {
    const value = given.get(name) ?? '';
    if (masked.test(value))
      problems.set(
        name,
        `${name} holds the dots with which a page hides a secret; have the page show it, and copy it anew.`,
      );
    else if (samples.some((sample) => sample.test(value)))
      problems.set(name, `${name} holds a placeholder; put your own value in its place, or leave it empty.`);
  }
  return problems;
}
