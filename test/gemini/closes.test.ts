import { describe, expect, test } from 'vitest';
import { closeRemedy, refusalRemedy } from '../../src/gemini/closes.ts';

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
      'none',
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
    [1011, 'You exceeded your current quota, please check your plan and billing details.', 'none'],
    [1011, 'You exceeded your current quota', 'none'],
    [1011, 'RESOURCE_EXHAUSTED', 'none'],
    [1011, 'Your prepayment credits are depleted. Please go to the console to manage them.', 'none'],
    [1011, 'Internal error encountered.', 'resume'],
    [1011, 'The service is currently unavailable.', 'resume'],
    [1011, '', 'resume'],
    [1012, '', 'resume'],
    [1013, '', 'resume'],
    [4321, 'Something that nobody has seen before.', 'resume'],
  ] as const)('%i "%s": %s', (code, reason, remedy) => {
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(reasonBytesMax);
    expect(closeRemedy(code, reason)).toBe(remedy);
  });

  test('a reason is known by its beginning, because it may be cut', () => {
    expect(closeRemedy(1008, 'models/gemini-9-live is not found for API version v1beta, or is not supp')).toBe(
      'otherModel',
    );
    expect(closeRemedy(1011, 'Your prepayment credits are depl')).toBe('none');
  });
});

describe('what may help when a connection was refused', () => {
  test.each([
    ['Unexpected server response: 401', 'none'],
    ['Unexpected server response: 403', 'none'],
    ['Unexpected server response: 404', 'resume'],
    ['Unexpected server response: 503', 'resume'],
    ['connect ECONNREFUSED 203.0.113.9:4030', 'resume'],
    ['getaddrinfo ENOTFOUND generativelanguage.example', 'resume'],
  ] as const)('%s: %s', (error, remedy) => {
    expect(refusalRemedy(error)).toBe(remedy);
  });
});
