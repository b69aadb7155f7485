import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { closeVerdict, knownCloses, refusalVerdict } from '../../src/gemini/closes.ts';
import { closeReasons } from '../../src/sim/model/protocol/close-reasons.ts';

/** The longest reason that a close frame can carry. */
const reasonBytesMax = 123;

describe('what may help after a close (GM-CLOSE-1)', () => {
  test.each([
    [1000, '', 'resume'],
    [1001, '', 'resume'],
    [1005, '', 'resume'],
    [1006, '', 'resume'],
    [1007, 'API key not valid. Please pass a valid API key.', 'none'],
    [1007, 'API key expired. Please renew the API key.', 'none'],
    [
      1007,
      'Invalid JSON payload received. Unknown name "mediaChunks" at \'realtime_input\': Cannot find field.',
      'none',
    ],
    [1007, 'Cannot extract voices from a non-audio request.', 'none'],
    [
      1007,
      'The audio content type (CONTENT_TYPE_AUDIO) is not supported for this model configuration. Please use another.',
      'otherModel',
    ],
    [1007, 'Request contains an invalid argument.', 'fresh'],
    [1007, 'The input token limit of this model is exceeded.', 'fresh'],
    [1007, 'The context window of the session is exhausted.', 'fresh'],
    [1007, '', 'fresh'],
    [
      1008,
      'models/gemini-9-live is not found for API version v1beta, or is not supported for bidiGenerateContent. Call',
      'otherModel',
    ],
    [1008, 'Publisher model projects/p/locations/us/publishers/google/models/m was not found', 'otherModel'],
    [1008, 'Operation is not implemented, or supported, or enabled.', 'resume'],
    [1008, 'BidiGenerateContent session not found', 'fresh'],
    [1008, 'The operation was aborted.', 'resume'],
    [1008, 'Requested entity was not found.', 'resume'],
    [1011, 'Deadline expired before operation could complete.', 'resume'],
    [1007, 'Function response scheduling is not supported for this model', 'otherModel'],
    [1007, 'Thinking level must be specified for this model.', 'otherModel'],
    [1007, 'The requested combination of response modalities is not supported by the model.', 'otherModel'],
    [1011, 'You exceeded your current quota, please check your plan and billing details.', 'otherModel'],
    [1011, 'You exceeded your current quota', 'otherModel'],
    [1011, 'RESOURCE_EXHAUSTED', 'later'],
    [1011, 'Resource has been exhausted (e.g. check quota).', 'later'],
    [
      1011,
      'Request trace id: f102afa6f090070d, [ORIGINAL ERROR] generic::resource_exhausted: RESOURCE_EXHAUSTED: Maximum concurrent se',
      'later',
    ],
    [1011, 'Your prepayment credits are depleted. Please go to the console to manage them.', 'none'],
    [1011, 'Internal error encountered.', 'resume'],
    [1011, 'The service is currently unavailable.', 'resume'],
    [1011, '', 'resume'],
    [1012, '', 'resume'],
    [1013, '', 'resume'],
    [4321, 'Something that nobody has seen before.', 'resume'],
  ] as const)('%i "%s": %s', (code, reason, remedy) => {
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(reasonBytesMax);
    expect(closeVerdict(code, reason).remedy).toBe(remedy);
  });

  test('a reason is known by its beginning, because it may be cut', () => {
    expect(closeVerdict(1008, 'models/gemini-9-live is not found for API version v1beta, or is not supp').remedy).toBe(
      'otherModel',
    );
    expect(closeVerdict(1011, 'Your prepayment credits are depl').remedy).toBe('none');
  });
});

describe('the table of closes', () => {
  const texts = knownCloses.flatMap((row) => row.texts.map(([code, reason]) => ({ row, code, reason })));

  test.each(texts)('$code "$reason" is met by its own row, and no other', ({ row, code, reason }) => {
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(reasonBytesMax);
    expect(closeVerdict(code, reason)).toBe(row);
    const others = knownCloses.filter((each) => each !== row && each.pattern.test(reason));
    expect(others.map(({ fault }) => fault)).toEqual(
      // The sentence about the quota goes on to speak of the bill.
      row.fault === 'model.quotaExceeded' && reason.includes('billing') ? ['model.creditsDepleted'] : [],
    );
  });

  test('stands in the docs', () => {
    const page = readFileSync(new URL('../../docs/protocol/gemini.md', import.meta.url), 'utf8');
    const lines = texts.map(
      ({ row, code, reason }) =>
        `| ${code} | ${reason} | \`${row.remedy}\` | ${row.fault === null ? '' : `\`${row.fault}\``} | <${row.source}> |`,
    );
    for (const line of lines) expect(page).toContain(line);
  });

  test('knows what the simulated service says, but for what any other session mends', () => {
    const unknown = Object.entries(closeReasons).filter(
      ([, { reason }]) => !knownCloses.some(({ pattern }) => pattern.test(reason)),
    );
    expect(unknown.map(([name]) => name)).toEqual([
      // Nothing that we send is refused so.
      'activityUnwanted',
      'mediaChunksDeprecated',
      'deadlineExpired',
      'internalError',
      'unavailable',
      'notImplemented',
      'aborted',
      'entityNotFound',
      'idle',
      'goingAway',
      'restarting',
      'overloaded',
    ]);
  });
});

describe('what may help when a connection was refused', () => {
  test.each([
    ['Unexpected server response: 401', 'none'],
    ['Unexpected server response: 403', 'none'],
    ['Unexpected server response: 404', 'resume'],
    ['Unexpected server response: 429', 'later'],
    ['Unexpected server response: 503', 'resume'],
    ['connect ECONNREFUSED 203.0.113.9:4030', 'resume'],
    ['getaddrinfo ENOTFOUND generativelanguage.example', 'resume'],
  ] as const)('%s: %s', (error, remedy) => {
    expect(refusalVerdict(error).remedy).toBe(remedy);
  });
});
