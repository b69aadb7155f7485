import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, test, type TestContext } from 'vitest';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import { beep, findingsFor, geminiKey, type Trouble, wellScript } from './doctor-scene.ts';

/** A trouble, the check that finds it, its text, and its advice. */
type Row = readonly [what: string, trouble: Trouble, check: string, text: RegExp, advice: RegExp];

const wants: Trouble['wants'] = ({ group }) => group === 'model';
const script = (changes: Partial<ScriptInput>): Trouble => ({ model: { script: { ...wellScript, ...changes } } });

const rows: readonly Row[] = [
  [
    'the key is wrong',
    { model: { apiKey: 'another-key' } },
    'key and model',
    /1007 "API key not valid/,
    /aistudio\.google\.com\/apikey/,
  ],
  ['the key is expired', script({ refuseSetup: 'keyExpired' }), 'key and model', /API key expired/, /Renew the key/],
  [
    'the quota is used up',
    script({ refuseSetup: 'quotaExceeded' }),
    'key and model',
    /1011 "You exceeded your current quota/,
    /raise the limit/,
  ],
  ['nothing is paid', script({ refuseSetup: 'creditsDepleted' }), 'key and model', /credits are depleted/, /billing/i],
  [
    'the model is gone',
    script({ missingModels: ['models/gemini-3.8-live'] }),
    'key and model',
    /1008 "models\/gemini-3\.8-live is not found/,
    /GEMINI_MODEL to gemini-3\.8-live or/,
  ],
  [
    'the fallback model is gone',
    {
      env: { GEMINI_FALLBACK_MODEL: 'gemini-3.8-live-extended-thinking' },
      ...script({ missingModels: ['models/gemini-3.8-live-extended-thinking'] }),
    },
    'fallback model',
    /is not found/,
    /GEMINI_FALLBACK_MODEL/,
  ],
  [
    'the service is overloaded',
    script({ refuseSetup: 'unavailable' }),
    'key and model',
    /currently unavailable/,
    /Try again in a minute/,
  ],
  ['the upgrade is refused', script({ upgrade: 403 }), 'key and model', /403/, /may use the model/],
  ['the service is down', script({ upgrade: 503 }), 'key and model', /503/, /Try again in a minute/],
  ['the setup is never answered', script({ setupMs: 'never' }), 'key and model', /not answered in time/, /firewall/],
  [
    'nobody listens there',
    { env: { GEMINI_BASE_URL: 'http://127.0.0.1:9' } },
    'key and model',
    /ECONNREFUSED|failed/,
    /port 443/,
  ],
  [
    'there is no key',
    { env: { GEMINI_API_KEY: '', GEMINI_BASE_URL: '', PUBLIC_URL: '', TWILIO_AUTH_TOKEN: '' } },
    'key and model',
    /there is no key/,
    /apikey/,
  ],
  [
    'the session closes in the middle',
    script({ turns: [beep], timed: [{ atMs: 20, step: { close: 'creditsDepleted' } }], latencyMs: 3000 }),
    'greeting',
    /1011 "Your prepayment credits/,
    /billing/i,
  ],
  [
    'the model says nothing',
    script({ turns: [] }),
    'greeting',
    /Speech of the model did not come in time/,
    /Try again/,
  ],
  [
    'the model is deaf',
    script({ deafToMs: 60_000 }),
    'hearing',
    /An answer to what was said did not come in time/,
    /GEMINI_VAD_/,
  ],
  [
    'the caller is not written down',
    script({ turns: [beep, beep, ...wellScript.turns.slice(2)] }),
    'hearing',
    /The words that were said did not come/,
    /GEMINI_TRANSCRIPTION/,
  ],
  [
    'the model calls no tool',
    script({ turns: [...wellScript.turns.slice(0, 2), beep, beep] }),
    'tool call',
    /A tool call did not come/,
    /tool/,
  ],
  [
    'the handle is refused',
    script({ refuseHandle: 'sessionNotFound' }),
    'resumption',
    /session not found/,
    /GEMINI_RESUMPTION/,
  ],
];

describe.concurrent('what is wrong with the model is found, with what mends it:', () => {
  test.for(rows)('%s', async ([, trouble, check, text, advice], context) => {
    const { findings } = await findingsFor(context, { wants, ...trouble });
    expect(findings).toContainEqual({
      check,
      level: 'wrong',
      text: expect.stringMatching(text),
      advice: expect.stringMatching(advice),
    });
    expect(findings.filter(({ level }) => level === 'wrong')).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toContain(geminiKey);
  });

  test.for([
    [
      'a field of GEMINI_SETUP_JSON',
      'temperature',
      { GEMINI_SETUP_JSON: '{"generationConfig":{"temperature":0.5}}' },
      'temperature',
      'GEMINI_TEMPERATURE or GEMINI_SETUP_JSON',
    ],
    [
      'a field that has a variable',
      'turnCoverage',
      { GEMINI_TURN_COVERAGE: 'activity' },
      'realtimeInputConfig.turnCoverage',
      'GEMINI_TURN_COVERAGE or GEMINI_SETUP_JSON',
    ],
    [
      'a field that has none',
      'seed',
      { GEMINI_SETUP_JSON: '{"generationConfig":{"seed":7}}' },
      'seed',
      'GEMINI_SETUP_JSON',
    ],
    [
      'a field that the SDK does not list',
      'candidateCount',
      { GEMINI_SETUP_JSON: '{"generationConfig":{"candidateCount":1}}' },
      'candidateCount',
      'GEMINI_CANDIDATE_COUNT or GEMINI_SETUP_JSON',
    ],
    ['the voice', 'prebuiltVoiceConfig', {}, 'speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName', 'AGENT_VOICE'],
    ['one of the tools', 'transfer_call', {}, 'tools.transfer_call', 'the tool of that name'],
    [
      'a part of the detection',
      'silenceDurationMs',
      {},
      'realtimeInputConfig.automaticActivityDetection.silenceDurationMs',
      'one of GEMINI_VAD_…',
    ],
    [
      'that turns are marked',
      'disabled',
      { TURN_DETECTION: 'manual' },
      'realtimeInputConfig.automaticActivityDetection.disabled',
      'TURN_DETECTION',
    ],
  ] as const)('the service does not say which, and it is %s', async ([, word, env, path, setting], context) => {
    const choosy = (setup: unknown): ScriptInput =>
      JSON.stringify(setup).includes(word) ? { ...wellScript, refuseSetup: 'argumentInvalid' } : wellScript;
    const { findings, model } = await findingsFor(context, { env, model: { script: choosy }, wants });
    expect(findings).toContainEqual({
      check: 'key and model',
      level: 'wrong',
      text: `The service closed the session with 1007 "Request contains an invalid argument.". The service does not take ${path}. Without it the setup is taken.`,
      advice: `Change ${setting}.`,
    });
    expect(model.sessions.length).toBeLessThan(10);
    expect(model.sessions.flatMap(({ violations }) => violations)).toEqual([]);
  });

  test('no field is to blame for an argument that is always invalid', async (context) => {
    const { findings } = await findingsFor(context, { wants, ...script({ refuseSetup: 'argumentInvalid' }) });
    expect(findings).toContainEqual(
      expect.objectContaining({ text: expect.stringContaining('No field of the setup is to blame.') }),
    );
  });

  test('Vertex AI does not let the service account in', async (context) => {
    const refused = { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT' } };
    const { findings } = await findingsFor(context, { env: await vertexEnv(context, refused), wants });
    expect(findings).toContainEqual({
      check: 'key and model',
      level: 'wrong',
      text: expect.stringContaining('invalid_grant'),
      advice: expect.stringContaining('GOOGLE_APPLICATION_CREDENTIALS'),
    });
  });

  test('nothing, where turns are marked: the model is told of the turn that it hears', async (context) => {
    const { findings, model } = await findingsFor(context, { env: { TURN_DETECTION: 'manual' }, wants });
    expect(findings.filter(({ level }) => level === 'wrong')).toEqual([]);
    expect(findings).toContainEqual({ check: 'hearing', level: 'ok', text: expect.stringMatching(/understood: ".+"/) });
    expect(model.sessions.flatMap(({ violations }) => violations)).toEqual([]);
  });

  test('nothing, on Vertex AI as well: all that is proven with a key is proven with a sign-in', async (context) => {
    const token = { access_token: geminiKey, token_type: 'Bearer', expires_in: 3600, issued_token_type: 'x' };
    const env = await vertexEnv(context, { status: 200, body: token });
    const { findings, model } = await findingsFor(context, { env, wants });
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(['hearing', 'tool call', 'resumption']));
    expect(model.sessions.map(({ setup }) => setup)).toMatchObject([
      { setup: { model: 'projects/order-desk/locations/us-central1/publishers/google/models/gemini-3.8-live' } },
      { setup: { sessionResumption: { handle: expect.any(String) } } },
    ]);
    expect(model.sessions.flatMap(({ violations }) => violations)).toEqual([]);
  });
});

/** Settings of Vertex AI whose sign-in goes to a server of ours, which gives this answer. */
async function vertexEnv({ onTestFinished }: TestContext, answer: { readonly status: number; readonly body: object }) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-doctor-'));
  const tokens = createServer((_request, response) =>
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body)),
  ).listen(0, '127.0.0.1');
  await once(tokens, 'listening');
  onTestFinished(() => {
    tokens.close();
    rmSync(folder, { recursive: true });
  });
  const address = tokens.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  writeFileSync(join(folder, 'subject'), 'subject-token');
  const pool = {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `http://127.0.0.1:${port}/token`,
    credential_source: { file: join(folder, 'subject') },
  };
  writeFileSync(join(folder, 'pool.json'), JSON.stringify(pool));
  return {
    GEMINI_API_KEY: '',
    GOOGLE_GENAI_USE_VERTEXAI: 'true',
    GOOGLE_CLOUD_PROJECT: 'order-desk',
    GOOGLE_CLOUD_LOCATION: 'us-central1',
    GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'pool.json'),
  };
}
