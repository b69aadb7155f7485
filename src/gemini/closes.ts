import type { ModelRemedy } from '../call/events.ts';
import type { ErrorCode } from '../errors.ts';

/** What the end of a session, or of the try to open one, means. */
export interface CloseVerdict {
  /** What may help. */
  readonly remedy: ModelRemedy;
  /** What somebody has to see to; null where another session is all that it takes. */
  readonly fault: ErrorCode | null;
}

/** A kind of close. The texts are often cut or stand behind a trace id, so only the words that tell are looked for. */
interface KnownClose extends CloseVerdict {
  readonly pattern: RegExp;
  /** Real ones, with the code that they came with; "…" stands for what the report leaves out (GM-CLOSE-1). */
  readonly texts: readonly (readonly [code: number, reason: string])[];
  readonly source: string;
}

/** What a close reason tells, first match first (GM-CLOSE-1). */
export const knownCloses: readonly KnownClose[] = [
  {
    pattern: /api key|unauthenticated|permission|denied access|unregistered callers/i,
    fault: 'model.keyRefused',
    remedy: 'none',
    texts: [
      [1007, 'API key not valid. Please pass a valid API key.'],
      [1007, 'API key expired. Please renew the API key.'],
    ],
    source: 'https://github.com/yagudaev/voiceclaw/pull/155',
  },
  {
    pattern: /exceeded your current quota/i,
    fault: 'model.quotaExceeded',
    remedy: 'otherModel',
    texts: [
      [1011, 'You exceeded your current quota, please check your plan and billing details. For more information'],
    ],
    source: 'https://github.com/sonichi/sutando/pull/569',
  },
  {
    pattern: /resource has been exhausted|resource_exhausted|maximum concurrent|too many requests/i,
    fault: 'model.quotaExceeded',
    remedy: 'later',
    texts: [
      [1011, 'Resource has been exhausted (e.g. check quota).'],
      [
        1011,
        'Request trace id: f102afa6f090070d, [ORIGINAL ERROR] generic::resource_exhausted: RESOURCE_EXHAUSTED: Maximum concurrent se',
      ],
    ],
    source: 'https://github.com/GoogleCloudPlatform/generative-ai/issues/1576',
  },
  {
    pattern: /prepayment|credits are depleted|billing/i,
    fault: 'model.creditsDepleted',
    remedy: 'none',
    texts: [
      [1011, 'Your prepayment credits are depleted. Please go to the console to manage your project and billing.'],
    ],
    source: 'https://github.com/sonichi/sutando/pull/569',
  },
  {
    pattern: /is not found for api version|not supported for bidi|publisher model/i,
    fault: 'model.notFound',
    remedy: 'otherModel',
    texts: [
      [
        1008,
        'models/gemini-9-live is not found for API version v1beta, or is not supported for bidiGenerateContent. Call',
      ],
      [1008, 'Publisher model projects/p/locations/us/publishers/google/models/m was not found'],
    ],
    source: 'https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/live-api/troubleshooting',
  },
  {
    pattern: /not supported for this model|thinking level must be|combination of response modalities/i,
    fault: 'model.setupInvalid',
    remedy: 'otherModel',
    texts: [
      [1007, 'Function response scheduling is not supported for this model'],
      [1007, 'The audio content type (CONTENT_TYPE_AUDIO) is not supported for this model configuration.'],
      [1007, 'Thinking level must be specified …'],
      [1007, '… combination of response modalities …'],
    ],
    source: 'https://github.com/openclaw/openclaw/pull/152413',
  },
  {
    pattern: /unknown name|cannot extract voices/i,
    fault: 'model.setupInvalid',
    remedy: 'none',
    texts: [
      [1007, 'Invalid JSON payload received. Unknown name "proactivity" at \'setup\': Cannot find field.'],
      [1007, 'Cannot extract voices from a non-audio request.'],
    ],
    source: 'https://github.com/mastra-ai/mastra/issues/23721',
  },
  {
    pattern:
      /session not found|context (?:window|length|limit)|token limit|token count|number of tokens|invalid argument/i,
    fault: null,
    remedy: 'fresh',
    texts: [
      [1008, 'BidiGenerateContent session not found'],
      [1007, 'Request contains an invalid argument.'],
      [1007, 'The input token count exceeds the maximum number of tokens allowed.'],
    ],
    source: 'https://github.com/livekit/agents/issues/5985',
  },
];

/**
 * What a session means that ended with this close code and reason, or that was refused with them (GM-CLOSE-1). An unknown close
 * is tried again with the handle, because most closes are cuts of a connection.
 */
export function closeVerdict(code: number, reason: string): CloseVerdict {
  const known = knownCloses.find(({ pattern }) => pattern.test(reason));
  return known ?? { remedy: code === 1007 ? 'fresh' : 'resume', fault: null };
}

/** What it means that the connection was not even made: the status of a refused upgrade stands in the error (GM-CLOSE-1). */
export function refusalVerdict(error: string): CloseVerdict {
  if (/\b(?:401|403)\b/.test(error)) return { remedy: 'none', fault: 'model.keyRefused' };
  if (/\b429\b/.test(error)) return { remedy: 'later', fault: 'model.quotaExceeded' };
  return { remedy: 'resume', fault: null };
}
