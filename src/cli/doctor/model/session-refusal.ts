import type { ErrorCode } from '../../../errors.ts';
import { modelIds } from '../../../gemini/models.ts';
import type { AgentSetup } from '../../../gemini/setup.ts';

/** How a session was refused, or ended. `reason` holds no address and no key. */
export interface SessionRefusal {
  /** Of the close; null when there was none. */
  readonly code: number | null;
  readonly reason: string;
  readonly fault: ErrorCode;
}

const keyPage = 'https://aistudio.google.com/apikey';

/** What mends a refusal, by the words of the service or of the SDK (GM-CLOSE-1, GM-SETUP-4); the first that fits counts. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/key expired/i, `Renew the key at ${keyPage} and write it into GEMINI_API_KEY.`],
  [
    /leaked/i,
    `Google has blocked the key because it was seen in public: make another at ${keyPage} and write it into GEMINI_API_KEY.`,
  ],
  [/api key/i, `Copy the key again from ${keyPage} into GEMINI_API_KEY: npm run setup.`],
  [
    /quota|resource_exhausted|\b429\b/i,
    'Wait, or raise the limit of the project at https://aistudio.google.com under Usage.',
  ],
  [
    /prepayment|credits are depleted|billing/i,
    'Pay credit in, or switch billing on, at https://aistudio.google.com under Billing.',
  ],
  [
    /default credentials/i,
    'Name a key file in GOOGLE_APPLICATION_CREDENTIALS, or sign in: gcloud auth application-default login.',
  ],
  [
    /invalid_grant|invalid jwt|sign-in|unauthenticated/i,
    'Make a new key for the service account, name its file in GOOGLE_APPLICATION_CREDENTIALS, and set the clock.',
  ],
  [
    /permission|service_disabled|has not been used/i,
    'Give the account the role "Vertex AI User" in GOOGLE_CLOUD_PROJECT, and switch on the API: gcloud services enable aiplatform.googleapis.com.',
  ],
  [
    /session not found/i,
    'Try again; if it stays, set GEMINI_RESUMPTION=false: a call then goes on with an account of what was said.',
  ],
  [/location|region/i, 'Set GOOGLE_CLOUD_LOCATION to a location that has the model, such as us-central1.'],
  [
    /\b(?:401|403)\b/,
    'Check that the key or the service account may use the model, and that no proxy stands in between.',
  ],
  [/\b404\b/, 'GEMINI_BASE_URL does not speak the protocol of Gemini: correct it, or take it out of .env.'],
  [
    /certificate|self.signed|unable to verify/i,
    'A proxy puts its own certificate in between: name its file in NODE_EXTRA_CA_CERTS.',
  ],
  [/ENOTFOUND|EAI_AGAIN/, 'The name cannot be resolved: check the network and its DNS.'],
  [
    /ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|socket hang up/,
    'Let this machine connect to Google on port 443, or correct GEMINI_BASE_URL.',
  ],
];

/** The refusal as a sentence. */
export function refusalWords({ code, reason, fault }: SessionRefusal): string {
  const isClosed = code !== null && code !== 1006;
  if (fault === 'model.setupTimeout' && !isClosed)
    return 'The setup, or the sign-in before it, was not answered in time.';
  const why = reason === '' ? 'without a reason' : `"${reason}"`;
  return isClosed ? `The service closed the session with ${code} ${why}.` : `It failed: ${why}.`;
}

/** What mends it. */
export function refusalAdvice({ reason, fault }: SessionRefusal, { model }: Pick<AgentSetup, 'model'>): string {
  if (/is not found for api version|not supported for bidi|publisher model/i.test(reason))
    return `${model} is not to be had there: set GEMINI_MODEL to ${modelIds('geminiApi').join(' or ')}, or on Vertex AI to ${modelIds('vertex').join(' or ')}.`;
  const known = remedies.find(([pattern]) => pattern.test(reason))?.[1];
  if (known !== undefined) return known;
  if (fault === 'model.setupTimeout')
    return 'A firewall may swallow the connection, or the model dislikes a field without a word: take GEMINI_SETUP_JSON out, and try again. On Vertex AI, sign in by a file in GOOGLE_APPLICATION_CREDENTIALS.';
  return 'Try again in a minute; look at https://aistudio.google.com/status if it stays.';
}
