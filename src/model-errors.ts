/** What the caller notices of an error, where several have it in common. */
export const callerNotices = {
  nothing: 'Nothing: the call goes on.',
  apology: 'The apology, then the fallback destination, the voicemail, or a goodbye.',
  otherModel:
    'Nothing if GEMINI_FALLBACK_MODEL takes over. Else the apology, then the fallback destination, the voicemail, or a goodbye.',
  noSession:
    'A tone and "One moment, please." while Parley tries again. Without a session for 15 s (MODEL_OUTAGE_MS), or at once where no other try can help: the apology, then the fallback destination, the voicemail, or a goodbye.',
} as const;

/** The errors of the model and of the way to it, as a part of the table in `errors.ts`. */
export const modelErrors = {
  'model.unreachable': {
    fault: 'model',
    what: 'The connection to the model failed.',
    caller: callerNotices.noSession,
    remedy: 'Check the network, and GEMINI_BASE_URL if it is set.',
  },
  'model.setupTimeout': {
    fault: 'model',
    what: 'The model did not answer the setup in time.',
    caller: callerNotices.noSession,
    remedy: 'Check GEMINI_MODEL: some models answer a setup that they do not understand with silence.',
  },
  'model.setupRefused': {
    fault: 'model',
    what: 'The model refused the session.',
    caller: callerNotices.noSession,
    remedy: 'Read the reason in the log line. docs/protocol/gemini.md says what is known of such reasons (GM-CLOSE-1).',
  },
  'model.setupInvalid': {
    fault: 'admin',
    what: 'The model does not take the setup of the session: a field of it, or fields together.',
    caller: callerNotices.otherModel,
    remedy:
      'Take what the reason names out of GEMINI_SETUP_JSON, or set another GEMINI_MODEL: docs/models.md says what each takes.',
  },
  'model.keyRefused': {
    fault: 'admin',
    what: 'Google refused the key or the sign-in: mistyped, expired, revoked, reported as leaked, or not allowed to use the model.',
    caller: callerNotices.apology,
    remedy: 'Put a valid key into GEMINI_API_KEY (with Vertex AI: mend the service account and its role), and restart.',
  },
  'model.quotaExceeded': {
    fault: 'admin',
    what: 'The quota of the Google project is used up: requests, tokens, or sessions at the same time.',
    caller: callerNotices.noSession,
    remedy:
      'Ask Google for more, lower MAX_CONCURRENT_CALLS, or name another model in GEMINI_FALLBACK_MODEL, which has a quota of its own.',
  },
  'model.creditsDepleted': {
    fault: 'admin',
    what: 'The Google project has no credit left, or billing is switched off.',
    caller: callerNotices.apology,
    remedy: 'Pay, in the billing settings of the project.',
  },
  'model.notFound': {
    fault: 'admin',
    what: 'Google does not have the model, or not for this key, project or location.',
    caller: callerNotices.otherModel,
    remedy: 'Set GEMINI_MODEL to a model that is there: docs/models.md lists them.',
  },
  'model.closed': {
    fault: 'model',
    what: 'The model closed the session during the call.',
    caller:
      'Nothing, or a wait with a tone: another session goes on with the call. Only if none can be had, the same as for `model.unreachable`.',
    remedy: 'Read the code and the reason in the log line.',
  },
  'model.overBudget': {
    fault: 'model',
    what: 'The model sent more than a session may: too long a message, too many parts or tool calls in one, or too much in too short a time.',
    caller:
      'Nothing, or a wait with a tone: another session goes on with the call. After three in one call: the apology, then the fallback destination, the voicemail, or a goodbye.',
    remedy: 'Look at the reason in the log line, and at what GEMINI_BASE_URL points to.',
  },
  'model.frameInvalid': {
    fault: 'model',
    what: 'A message of the model is not JSON, or has the wrong shape.',
    caller: callerNotices.nothing,
    remedy: 'Compare the message with docs/protocol/gemini.md.',
  },
  'model.audioInvalid': {
    fault: 'model',
    what: 'Audio of the model is not 24 kHz PCM, or not base64.',
    caller: 'That piece of the answer is missing.',
    remedy: 'Compare the message with docs/protocol/gemini.md.',
  },
} as const;
