import { z } from 'zod';
import { jsonProblems } from './json-problems.ts';

const yesOrNo = z.boolean({ error: 'wants true or false' });
const text = z.string({ error: 'wants a text' });

function choice<const Choice extends string>(...choices: readonly Choice[]) {
  return z.enum(choices, { error: `wants one of ${choices.join(', ')}` });
}

function numberIn(min: number, max: number) {
  const error = `wants a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

function integerIn(min: number, max: number) {
  const error = `wants a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** The window of the 3.x models in tokens. */
const windowTokens = 131_072;

const transcription = z.strictObject({
  languageCodes: z.array(text).exactOptional(),
  customVocabulary: z.array(text).exactOptional(),
  mode: choice('VERBATIM', 'SMART').exactOptional(),
  wordTimestamp: yesOrNo.exactOptional(),
  diarization: yesOrNo.exactOptional(),
});

/** The fields of the setup message that Parley passes on as they are. A model may refuse some of them nevertheless. */
const extraSetup = z.strictObject({
  generationConfig: z
    .strictObject({
      temperature: numberIn(0, 2).exactOptional(),
      topP: numberIn(0, 1).exactOptional(),
      topK: integerIn(1, 1_000).exactOptional(),
      maxOutputTokens: integerIn(1, windowTokens).exactOptional(),
      candidateCount: integerIn(1, 8).exactOptional(),
      presencePenalty: numberIn(-2, 2).exactOptional(),
      frequencyPenalty: numberIn(-2, 2).exactOptional(),
      mediaResolution: choice(
        'MEDIA_RESOLUTION_LOW',
        'MEDIA_RESOLUTION_MEDIUM',
        'MEDIA_RESOLUTION_HIGH',
      ).exactOptional(),
      seed: integerIn(-(2 ** 31), 2 ** 31 - 1).exactOptional(),
      enableAffectiveDialog: yesOrNo.exactOptional(),
      thinkingConfig: z
        .strictObject({
          includeThoughts: yesOrNo.exactOptional(),
          thinkingBudget: integerIn(-1, windowTokens).exactOptional(),
        })
        .exactOptional(),
    })
    .exactOptional(),
  realtimeInputConfig: z
    .strictObject({
      turnCoverage: choice(
        'TURN_INCLUDES_ONLY_ACTIVITY',
        'TURN_INCLUDES_ALL_INPUT',
        'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
      ).exactOptional(),
    })
    .exactOptional(),
  inputAudioTranscription: transcription.exactOptional(),
  outputAudioTranscription: transcription.exactOptional(),
  proactivity: z.strictObject({ proactiveAudio: yesOrNo.exactOptional() }).exactOptional(),
  safetySettings: z
    .array(z.strictObject({ category: text, threshold: text, method: text.exactOptional() }))
    .exactOptional(),
  labels: z.record(z.string(), text).exactOptional(),
  explicitVadSignal: yesOrNo.exactOptional(),
});

/** Fields that something else decides, and what. */
const decidedBy: Readonly<Record<string, string>> = {
  model: 'GEMINI_MODEL decides',
  systemInstruction: 'AGENT_PROMPT decides',
  tools: 'GEMINI_GOOGLE_SEARCH and the tools of Parley decide',
  sessionResumption: 'GEMINI_RESUMPTION decides',
  contextWindowCompression: 'GEMINI_COMPRESSION and the variables beside it decide',
  'generationConfig.speechConfig': 'AGENT_VOICE and AGENT_LANGUAGE decide',
  'generationConfig.responseModalities': 'the telephone decides: it is always audio',
  'generationConfig.thinkingConfig.thinkingLevel': 'GEMINI_THINKING_LEVEL decides',
  'realtimeInputConfig.automaticActivityDetection': 'TURN_DETECTION and the variables GEMINI_VAD_… decide',
  'realtimeInputConfig.activityHandling': 'GEMINI_INTERRUPTIONS decides',
};

/** GEMINI_SETUP_JSON: a part of the setup message, checked field by field, since one wrong field refuses every call. */
export const setupJson = z.string().transform((given, context) => {
  const read = jsonProblems(given, extraSetup, (path) => decidedBy[path] ?? 'Parley does not know');
  if ('value' in read) return read.value;
  for (const problem of read.problems) context.addIssue(`${problem}.`);
  return z.NEVER;
});
