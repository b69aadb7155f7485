import type { ModelRemedy } from '../../../call/events.ts';
import { isJsonObject, type JsonObject } from '../../../encoding/json.ts';
import { closeVerdict, refusalVerdict } from '../../../gemini/closes.ts';
import { type Bench, without, withMember } from '../bench.ts';
import type { Question } from '../question.ts';
import { endText, type ProbeSession, type SessionEnd, type SessionPlan } from '../session.ts';
import { blockingLookUp, freeLookUp } from './tools-asked-for.ts';

/** What comes of one wrong thing. */
interface Trial {
  readonly what: string;
  /** What changes in the plan of a session without tools; null where that cannot be tried. */
  readonly setup?: (plan: SessionPlan) => SessionPlan | null;
  /** What is sent once the session is open. */
  readonly message?: JsonObject;
  /** What Parley must read out of the refusal; without it, whatever comes is news. */
  readonly remedy?: ModelRemedy;
}

/** A message is refused at once, or it was taken. */
const refusalMs = 2_500;

const thinkingLevel = 'generationConfig.thinkingConfig.thinkingLevel';

const configuredTrials: readonly Trial[] = [
  {
    what: 'a wrong key',
    setup: (plan) => ('apiKey' in plan.access ? { ...plan, access: { ...plan.access, apiKey: 'AIza-wrong' } } : null),
    remedy: 'none',
  },
  {
    what: 'an unknown model',
    setup: (plan) => ({ ...plan, agent: { ...plan.agent, model: 'gemini-0.1-live' } }),
    remedy: 'otherModel',
  },
  { what: 'version v1 of the interface', setup: (plan) => ({ ...plan, apiVersion: 'v1' }) },
  { what: 'an unknown field', setup: amended((setup) => ({ ...setup, parleyProbe: true })), remedy: 'none' },
  { what: 'a thinking level', setup: amended((setup) => withMember(setup, thinkingLevel, 'LOW')) },
  {
    what: 'a sensitivity that there is not',
    setup: amended((setup) =>
      withMember(
        setup,
        'realtimeInputConfig.automaticActivityDetection.startOfSpeechSensitivity',
        'START_SENSITIVITY_MEDIUM',
      ),
    ),
  },
  {
    what: 'text instead of speech',
    setup: amended((setup) => withMember(setup, 'generationConfig.responseModalities', ['TEXT'])),
  },
  {
    what: 'proactivity switched off',
    setup: amended((setup) => withMember(setup, 'proactivity', { proactiveAudio: false })),
  },
  {
    what: 'languages of the transcription',
    setup: amended((setup) => withMember(setup, 'inputAudioTranscription', { languageCodes: ['en-US'] })),
  },
  {
    what: 'an unknown language of the transcription',
    setup: amended((setup) => withMember(setup, 'inputAudioTranscription', { languageCodes: ['xx-XX'] })),
  },
  { what: 'a tool that blocks', setup: withSchema({ behavior: 'BLOCKING' }) },
  {
    what: 'a tool in JSON Schema',
    setup: withSchema({ parametersJsonSchema: blockingLookUp.parameters }),
  },
  {
    what: 'an empty list of required parameters',
    setup: withSchema({ parameters: { type: 'object', properties: {}, required: [] } }),
  },
  {
    what: 'a schema without a property',
    setup: withSchema({ parametersJsonSchema: { type: 'object', properties: {} } }),
  },
  {
    what: 'no compression and no resumption',
    setup: amended((setup) => without(setup, 'contextWindowCompression', 'sessionResumption')),
  },
  {
    what: 'old media chunks',
    message: { realtimeInput: { mediaChunks: [{ data: 'AAAA', mimeType: 'audio/pcm;rate=16000' }] } },
  },
  { what: 'activityStart with automatic detection', message: { realtimeInput: { activityStart: {} } } },
  {
    what: 'a turn of the role system',
    message: { clientContent: { turns: [{ role: 'system', parts: [{ text: 'Be brief.' }] }], turnComplete: false } },
  },
  { what: 'contextUpdate', message: { contextUpdate: { systemInstruction: { parts: [{ text: 'Be brief.' }] } } } },
  {
    what: 'an answer to a call that nobody made',
    message: {
      toolResponse: { functionResponses: [{ id: 'nobody', name: 'look_up_order', response: { result: 'none' } }] },
    },
  },
  {
    what: 'mu-law audio',
    message: { realtimeInput: { audio: { data: '/////w==', mimeType: 'audio/x-mulaw;rate=8000' } } },
  },
];

const thinkingTrials: readonly Trial[] = [
  { what: 'no thinking level', setup: amended((setup) => withoutThinking(setup)) },
  { what: 'the thinking level MINIMAL', setup: amended((setup) => withMember(setup, thinkingLevel, 'MINIMAL')) },
  { what: 'a tool that blocks', setup: withSchema({ behavior: 'BLOCKING' }) },
];

function withoutThinking(setup: JsonObject): JsonObject {
  const { generationConfig } = setup;
  if (!isJsonObject(generationConfig)) return setup;
  return { ...setup, generationConfig: without(generationConfig, 'thinkingConfig') };
}

function amended(amend: (setup: JsonObject) => JsonObject): (plan: SessionPlan) => SessionPlan {
  return (plan) => ({ ...plan, amend });
}

/** A tool of which some fields of the declaration are others. */
function withSchema(fields: JsonObject): (plan: SessionPlan) => SessionPlan {
  const { name, description } = blockingLookUp;
  return (plan) => ({
    ...plan,
    agent: { ...plan.agent, tools: [freeLookUp] },
    amend: (setup) => ({
      ...setup,
      tools: [{ functionDeclarations: [{ name, description, behavior: 'NON_BLOCKING', ...fields }] }],
    }),
  });
}

/** The exact texts of refusals, which decide what a call does next. */
export const refusals: Question = {
  id: 'refusals',
  asks: 'With which exact texts are wrong keys, models, fields and messages refused?',
  rules: ['GM-CLOSE-1', 'GM-SETUP-1', 'GM-SETUP-2', 'GM-SETUP-3', 'GM-SETUP-4', 'GM-TOOL-5', 'GM-TOOL-9', 'GM-LANG-2'],
  relies: 'reads out of code and text whether another session, another model or only an admin can help',
  model: 'configured',
  needs: { secondsMax: 120, sessions: configuredTrials.length, turns: 0, heardSeconds: 0, spokenSeconds: 0 },
  ask: (bench) => tryAll(bench, configuredTrials),
};

/** The same for extended thinking. */
export const thinkingRefusals: Question = {
  id: 'thinking-refusals',
  asks: 'What does extended thinking refuse, and with which exact texts?',
  rules: ['GM-SETUP-3', 'GM-TOOL-1'],
  relies: 'sends a level from LOW up, and declares every tool as non-blocking',
  model: 'thinking',
  needs: { secondsMax: 45, sessions: thinkingTrials.length, turns: 0, heardSeconds: 0, spokenSeconds: 0 },
  ask: (bench) => tryAll(bench, thinkingTrials),
};

async function tryAll(bench: Bench, trials: readonly Trial[]): Promise<void> {
  for (const { what, setup, message, remedy } of trials) {
    const usual = bench.plan([]);
    const plan = setup === undefined ? usual : setup(usual);
    if (plan === null) {
      bench.found(what, 'cannot be tried here');
      continue;
    }
    const session = await bench.attempt(plan);
    if (message !== undefined) session.sendRaw(message);
    const end = session.end ?? (await refusal(bench, session));
    bench.found(what, end === null ? 'taken' : endText(end), agrees(end, remedy));
    await session.close();
  }
}

async function refusal(bench: Bench, session: ProbeSession): Promise<SessionEnd | null> {
  await session.ends(refusalMs / bench.parts.pace);
  return session.end;
}

/** Whether Parley would do the right thing about this end; null where nothing is known to be right. */
function agrees(end: SessionEnd | null, remedy: ModelRemedy | undefined): boolean | null {
  if (remedy === undefined) return null;
  if (end === null) return false;
  const verdict = end.code === 1006 ? refusalVerdict(end.reason) : closeVerdict(end.code, end.reason);
  return verdict.remedy === remedy;
}
