import { thinkingLevels } from '../../gemini/models.ts';
import { standardSetup } from '../../gemini/setup-settings.ts';
import { about } from '../about.ts';
import { baseUrl, decimal, filePath, oneOf, textThat, wholeNumber, yesOrNo } from '../parsers.ts';
import { setupJson } from './setup-json.ts';

const model = { group: 'The model' };
const vertex = { group: 'Vertex AI, instead of GEMINI_API_KEY' };

const modelId = textThat((text) => /^[a-z0-9][a-z0-9.-]*$/.test(text), 'a model id, without "models/"');
const { speechDetection, compression } = standardSetup;

/** The output limit of the 3.x models in tokens. */
const outputTokensMax = 65_536;

/** As the service writes them (GM-VAD-5). */
const turnCoverages = {
  activity: 'TURN_INCLUDES_ONLY_ACTIVITY',
  'all-input': 'TURN_INCLUDES_ALL_INPUT',
  'activity-and-video': 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
};

/** Every variable that decides which model answers and how its sessions are set up. `docs/models.md` says which model takes what. */
export const modelVariables = {
  GEMINI_MODEL: modelId.default('gemini-3.8-live').register(about, {
    ...model,
    doc: 'Id of the Gemini Live model.',
  }),
  GEMINI_FALLBACK_MODEL: modelId.optional().register(about, {
    ...model,
    doc: 'Id of the model that takes the call when the first one cannot be opened. Unset: none.',
  }),
  GEMINI_BASE_URL: baseUrl.optional().register(about, {
    ...model,
    doc: 'Another server that speaks the protocol of Gemini Live, for tests and proxies.',
  }),
  GEMINI_SESSION_MAX_SECONDS: wholeNumber(60, 3_000)
    .default(540)
    .register(about, {
      ...model,
      doc: 'How long a connection to the model is used before it is replaced, from 60 to 3000 seconds. Google ends it after about ten minutes.',
    }),
  GEMINI_RESUMPTION: yesOrNo.default('true').register(about, {
    ...model,
    doc: 'Whether a replaced connection continues the old conversation: true or false.',
  }),
  GEMINI_COMPRESSION: yesOrNo.default('true').register(about, {
    ...model,
    doc: 'Whether the model forgets the oldest turns of a long call: true or false. Without it, long calls are expensive and end after 15 minutes.',
  }),
  GEMINI_COMPRESSION_TRIGGER_TOKENS: wholeNumber(5_000, 100_000)
    .default(compression.triggerTokens)
    .register(about, {
      ...model,
      doc: 'How much conversation makes the model forget, from 5000 to 100000 tokens beside the instruction; a minute is about 1500.',
    }),
  GEMINI_COMPRESSION_TARGET_TOKENS: wholeNumber(1_000, 99_000)
    .default(compression.targetTokens)
    .register(about, {
      ...model,
      doc: 'How much of it stays, from 1000 to 99000 tokens, at least 1000 less than the trigger.',
    }),
  GEMINI_TRANSCRIPTION: oneOf(['both', 'caller', 'agent', 'none'])
    .default(standardSetup.transcription)
    .register(about, {
      ...model,
      doc: 'Whose words are written down: both, caller, agent or none.',
    }),
  TURN_DETECTION: oneOf(['automatic', 'manual'])
    .optional()
    .register(about, {
      ...model,
      doc: 'Who decides when the caller speaks: automatic, which is the model, or manual, which is Parley. Unset: automatic, with every model that Parley knows.',
    }),
  GEMINI_VAD_START_SENSITIVITY: oneOf(['high', 'low'])
    .default(speechDetection.startSensitivity)
    .register(about, {
      ...model,
      doc: 'How easily a sound is taken for speech: high hears a short "yes", low ignores more noise.',
    }),
  GEMINI_VAD_END_SENSITIVITY: oneOf(['high', 'low'])
    .default(speechDetection.endSensitivity)
    .register(about, {
      ...model,
      doc: 'How easily a pause is taken for the end of speech: high answers sooner, low lets the caller think.',
    }),
  GEMINI_VAD_PREFIX_MS: wholeNumber(0, 1_000)
    .default(speechDetection.prefixMs)
    .register(about, {
      ...model,
      doc: 'Speech before it counts, from 0 to 1000 milliseconds. More ignores noise, and short answers.',
    }),
  GEMINI_VAD_SILENCE_MS: wholeNumber(200, 3_000)
    .default(speechDetection.silenceMs)
    .register(about, {
      ...model,
      doc: 'Pause that ends the turn of the caller, from 200 to 3000 milliseconds. 500 to 800 is advised.',
    }),
  GEMINI_INTERRUPTIONS: yesOrNo.default('true').register(about, {
    ...model,
    doc: 'Whether the caller can talk over the agent: true or false.',
  }),
  GEMINI_THINKING_LEVEL: oneOf(thinkingLevels)
    .optional()
    .register(about, {
      ...model,
      doc: `How long a model with extended thinking thinks: ${thinkingLevels.join(', ')}. Unset: ${standardSetup.thinkingLevel}.`,
    }),
  GEMINI_GOOGLE_SEARCH: yesOrNo.default('false').register(about, {
    ...model,
    doc: 'Whether the agent may search the web with Google: true or false. Searches are billed beside the tokens.',
  }),
  GEMINI_TEMPERATURE: decimal(0, 2)
    .optional()
    .register(about, {
      ...model,
      doc: 'How freely the model chooses its words, from 0 to 2. Unset, like each of the following: the model decides, as Google advises.',
    }),
  GEMINI_TOP_P: decimal(0, 1)
    .optional()
    .register(about, {
      ...model,
      doc: 'Among which share of the likeliest words it chooses, from 0 to 1.',
    }),
  GEMINI_TOP_K: wholeNumber(1, 1_000)
    .optional()
    .register(about, {
      ...model,
      doc: 'Among how many of the likeliest words it chooses, from 1 to 1000.',
    }),
  GEMINI_MAX_OUTPUT_TOKENS: wholeNumber(1, outputTokensMax)
    .optional()
    .register(about, {
      ...model,
      doc: `Longest reply, from 1 to ${outputTokensMax} tokens; a second of speech is 25. What is longer is cut off in mid-sentence.`,
    }),
  GEMINI_CANDIDATE_COUNT: wholeNumber(1, 8)
    .optional()
    .register(about, {
      ...model,
      doc: 'How many replies the model drafts, from 1 to 8. The caller hears one.',
    }),
  GEMINI_PRESENCE_PENALTY: decimal(-2, 2)
    .optional()
    .register(about, {
      ...model,
      doc: 'How much it avoids words that it has used, from -2 to 2.',
    }),
  GEMINI_FREQUENCY_PENALTY: decimal(-2, 2)
    .optional()
    .register(about, {
      ...model,
      doc: 'How much it avoids words that it has used often, from -2 to 2.',
    }),
  GEMINI_MEDIA_RESOLUTION: oneOf(['low', 'medium', 'high'])
    .transform((resolution) => `MEDIA_RESOLUTION_${resolution.toUpperCase()}`)
    .optional()
    .register(about, {
      ...model,
      doc: 'How finely pictures are looked at: low, medium, high. A phone call has none.',
    }),
  GEMINI_TURN_COVERAGE: oneOf(['activity', 'all-input', 'activity-and-video'])
    .transform((coverage) => turnCoverages[coverage])
    .optional()
    .register(about, {
      ...model,
      doc: 'What the model takes in of the sound of the line: activity (speech), all-input (the pauses as well, which costs more), activity-and-video (as speech, on a phone call; refused on Vertex AI).',
    }),
  GEMINI_SETUP_JSON: setupJson.optional().register(about, {
    ...model,
    doc: 'Further fields of the setup message, such as {"generationConfig":{"seed":7}}.',
  }),
  PRICE_TABLE_FILE: filePath.optional().register(about, {
    ...model,
    doc: 'JSON file with the prices of the models, from which the cost of a call is computed. Unset: those that come with Parley.',
  }),

  GOOGLE_GENAI_USE_VERTEXAI: yesOrNo.default('false').register(about, {
    ...vertex,
    doc: 'Whether the model is reached through a Google Cloud project: true or false.',
  }),
  GOOGLE_CLOUD_PROJECT: textThat((text) => /^[\w.:-]{1,100}$/.test(text), 'the id of a Google Cloud project')
    .optional()
    .register(about, {
      ...vertex,
      doc: 'Id of that project.',
    }),
  GOOGLE_CLOUD_LOCATION: textThat((text) => /^[a-z0-9-]{1,40}$/.test(text), 'a location such as us-central1 or eu')
    .optional()
    .register(about, {
      ...vertex,
      doc: 'Where the model runs, such as us-central1, us or eu.',
    }),
  GOOGLE_APPLICATION_CREDENTIALS: filePath.optional().register(about, {
    ...vertex,
    doc: 'JSON file with the key of a service account. Unset: the machine itself signs in, as on Google Cloud.',
  }),
};
