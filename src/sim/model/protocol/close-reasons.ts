/** How the service ends a socket: the close code and the reason text, at most 123 bytes. */
export interface CloseFrame {
  readonly code: number;
  readonly reason: string;
}

/** A close frame holds 125 bytes, two of which are the code. The service cuts longer texts off. */
const reasonBytesMax = 123;

/**
 * The closes a client meets, by name, with the texts that the real service sends (GM-CLOSE-1). Some need a human
 * (GM-SETUP-4 for the keys), the others are met by a new session, with or without the handle.
 */
export const closeReasons = {
  keyInvalid: { code: 1007, reason: 'API key not valid. Please pass a valid API key.' },
  keyExpired: { code: 1007, reason: 'API key expired. Please renew the API key.' },
  keyMissing: closeFrame(
    1008,
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  ),
  argumentInvalid: { code: 1007, reason: 'Request contains an invalid argument.' },
  quotaExceeded: closeFrame(
    1011,
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to the documentation.',
  ),
  activityUnwanted: {
    code: 1007,
    reason: 'Explicit activity control is not supported when automatic activity detection is enabled.',
  },
  mediaChunksDeprecated: {
    code: 1007,
    reason: 'realtime_input.media_chunks is deprecated. Use audio, video, or text instead.',
  },
  quotaExhausted: { code: 1011, reason: 'Resource has been exhausted (e.g. check quota).' },
  sessionsExhausted: closeFrame(
    1011,
    'Request trace id: f102afa6f090070d, [ORIGINAL ERROR] generic::resource_exhausted: RESOURCE_EXHAUSTED: Maximum concurrent sessions exceeded.',
  ),
  thinkingLevelMissing: { code: 1007, reason: 'Thinking level must be specified for this model.' },
  modalitiesUnsupported: {
    code: 1007,
    reason: 'The requested combination of response modalities is not supported by the model.',
  },
  schedulingUnsupported: { code: 1007, reason: 'Function response scheduling is not supported for this model' },
  contentTypeUnsupported: {
    code: 1007,
    reason: 'The audio content type (CONTENT_TYPE_AUDIO) is not supported for this model configuration.',
  },
  contextExceeded: {
    code: 1007,
    reason: 'The input token count exceeds the maximum number of tokens allowed.',
  },
  creditsDepleted: { code: 1011, reason: 'Your prepayment credits are depleted.' },
  deadlineExpired: { code: 1011, reason: 'Deadline expired before operation could complete.' },
  internalError: { code: 1011, reason: 'Internal error encountered.' },
  unavailable: { code: 1011, reason: 'The service is currently unavailable.' },
  notImplemented: { code: 1008, reason: 'Operation is not implemented, or supported, or enabled.' },
  aborted: { code: 1008, reason: 'The operation was aborted.' },
  entityNotFound: { code: 1008, reason: 'Requested entity was not found.' },
  sessionNotFound: { code: 1008, reason: 'BidiGenerateContent session not found' },
  idle: { code: 1000, reason: '' },
  goingAway: { code: 1001, reason: '' },
  restarting: { code: 1012, reason: '' },
  overloaded: { code: 1013, reason: '' },
} satisfies Record<string, CloseFrame>;

/** Makes a close frame, its reason cut to what a close frame can hold (GM-CLOSE-1). */
export function closeFrame(code: number, reason: string): CloseFrame {
  return { code, reason: reason.slice(0, reasonBytesMax) };
}

/** Makes the close of a message that the service cannot take: 1007, the complaint cut to fit. */
export function refusal(reason: string): CloseFrame {
  return closeFrame(1007, reason);
}
