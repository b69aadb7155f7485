import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { JsonObject } from '../../src/encoding/json.ts';
import { isJsonObject, parseJson } from '../../src/encoding/json.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { openWitnessModel, writeSpeech } from './witness-model.ts';
import { sessionMet } from './witness.ts';
import type { Witness } from './witness.ts';

const folder = fileURLToPath(new URL('google-genai/', import.meta.url));

/** The program gives up after two minutes by itself. */
const talkMsMax = 150_000;

const script: ScriptInput = {
  setupMs: 50,
  latencyMs: 300,
  speed: 8,
  turns: [
    { steps: [{ say: 'goodbye' }] },
    {
      heard: 'Calling to reach an operator.',
      steps: [{ call: { name: 'look_up', args: { query: 'operator' }, answered: [{ say: 'order-status' }] } }],
    },
    { heard: 'Hello?', steps: [{ say: 'sorry-repeat' }, { goAway: { timeLeftMs: 50_000 } }] },
  ],
  sessions: [{}, { turns: [{ steps: [] }, { steps: [] }, { steps: [{ say: 'anything-else' }] }] }],
};

/** Google's SDK for Python. */
export const googleGenai: Witness = {
  name: 'google-genai',
  folder,
  async hold(python) {
    const model = await openWitnessModel(script);
    try {
      const speech = writeSpeech(model.folder, 'ask-for-person');
      const program = [join(folder, 'talk.py'), model.server.url, speech];
      const { stdout } = await promisify(execFile)(python, program, { env: model.env, timeout: talkMsMax });
      return { ...readMet(stdout), sessions: model.server.sessions.map(sessionMet) };
    } finally {
      await model.close();
    }
  },
  expected: {
    setup: true,
    greeting: 'Thank you for calling. Goodbye.',
    greeting_seconds: 1.6,
    called: { name: 'look_up', args: { query: 'operator' }, has_id: true },
    interrupted: true,
    heard: 'Calling to reach an operator.Hello?',
    go_away: '50s',
    usage: true,
    resumed: 'Is there anything else I can do for you?',
    marked: 'Thank you for calling. Goodbye.',
    refused: [
      { code: 1007, text: 'Request contains an invalid argument.' },
      { code: 1007, text: 'API key not valid. Please pass a valid API key.' },
    ],
    sessions: [
      { apiVersion: 'v1', resumes: null, ended: 'client', violations: [] },
      { apiVersion: 'v1', resumes: 1, ended: 'client', violations: [] },
      { apiVersion: 'v1', resumes: null, ended: 'client', violations: [] },
      { apiVersion: 'v1', resumes: null, ended: '1007 Request contains an invalid argument.', violations: [] },
      {
        apiVersion: 'v1',
        resumes: null,
        ended: '1007 API key not valid. Please pass a valid API key.',
        violations: [],
      },
    ],
  },
};

function readMet(stdout: string): JsonObject {
  const met = parseJson(stdout);
  if (!isJsonObject(met)) throw new Error(`The program said: ${stdout}`);
  return met;
}
