import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { WebSocketServer } from 'ws';
import type { CallFact } from '../../src/call/events.ts';
import { frameText } from '../../src/encoding/frame-text.ts';
import { openLive } from '../../src/gemini/edge/access.ts';
import { openModelSession } from '../../src/gemini/live-session.ts';
import { parseJson } from '../../src/encoding/json.ts';
import { LogLines } from '../log-lines.ts';
import { until } from '../until.ts';
import { driversFor } from './session-drivers.ts';
import { recordedAgent } from '../wire-fixtures.ts';

const model25 = 'gemini-live-2.5-flash-native-audio';
const toolCall = { toolCall: { functionCalls: [{ name: 'lookup_record', args: { query: 'A1042' } }] } };
const fresh = { handle: null, recap: null, after: null };
const vertex = { project: 'order-desk', location: 'us-central1', credentialsFile: null };

// Google's own sign-in cannot be had in a test. An identity pool goes the same way through the SDK, and its address is ours to choose.
describe.concurrent('a session on Vertex AI', () => {
  test('signs in, names the model by project and location, and answers calls without ids', async (context) => {
    const cloud = await startCloud(context);
    const { session, facts } = connect(context, cloud);
    await until('the tool call', () => facts.some(({ type }) => type === 'model.toolCalled'));
    const call = facts.flatMap((fact) => (fact.type === 'model.toolCalled' ? fact.calls : []))[0];
    expect(call).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'lookup_record',
      args: { query: 'A1042' },
    });

    session.answerTools([
      { id: call?.id ?? '', name: 'lookup_record', response: { result: 'Shipped.' }, scheduling: 'whenIdle' },
    ]);
    session.sendAudio(Uint8Array.of(0, 1, 2, 3));
    await until('the answer and the audio', () => cloud.frames.length === 3);
    expect(cloud.upgrades).toEqual([
      ['//ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent', 'Bearer token-1'],
    ]);
    expect(cloud.frames).toMatchObject([
      {
        setup: {
          model: `projects/order-desk/locations/us-central1/publishers/google/models/${model25}`,
          generationConfig: { responseModalities: ['AUDIO'], speechConfig: { languageCode: 'de-AT' } },
        },
      },
      { toolResponse: { functionResponses: [{ name: 'lookup_record', response: { result: 'Shipped.' } }] } },
      { realtimeInput: { audio: { data: 'AAECAw==', mimeType: 'audio/pcm;rate=16000' } } },
    ]);
    expect(JSON.stringify(cloud.frames[1])).not.toContain('"id"');
  });

  test('takes over the sign-in of the session before', async (context) => {
    const cloud = await startCloud(context);
    const access = accessTo(cloud);
    for (const count of [1, 2]) {
      connect(context, cloud, access);
      await until('the socket', () => cloud.upgrades.length === count);
    }
    expect(cloud.upgrades.map(([, authorization]) => authorization)).toEqual(['Bearer token-1', 'Bearer token-1']);
  });

  test('fails in time when the sign-in is never answered, and opens no socket behind it', async (context) => {
    const cloud = await startCloud(context, 'onRelease');
    const { facts, log } = connect(context, cloud, { ...accessTo(cloud), setupMsMax: 150 });
    await until('the failure', () => facts.length > 0);
    expect(facts).toMatchObject([{ type: 'model.openFailed', fault: 'model.setupTimeout' }]);
    expect(log.named('modelOpenFailed')).toMatchObject([{ why: 'The sign-in took too long.' }]);
    cloud.release();
    const later = connect(context, cloud);
    await until('a later session', () => later.facts.some(({ type }) => type === 'model.opened'));
    expect(cloud.upgrades).toHaveLength(1);
    expect(facts).toHaveLength(1);
  });

  test('is one of many that share what the SDK keeps', async () => {
    const access = { vertex, baseUrl: null };
    expect(await openLive(access)).toBe(await openLive(access));
    expect(await openLive({ ...access })).not.toBe(await openLive(access));
  });
});

interface Cloud {
  readonly url: string;
  readonly credentialsFile: string;
  readonly upgrades: readonly (readonly [string, string])[];
  readonly frames: readonly unknown[];
  /** Answers the sign-ins that wait. */
  release(): void;
}

function accessTo({ url, credentialsFile }: Cloud) {
  return { vertex: { ...vertex, credentialsFile }, baseUrl: url };
}

function connect(
  { onTestFinished }: TestContext,
  cloud: Cloud,
  access: ReturnType<typeof accessTo> & { setupMsMax?: number } = accessTo(cloud),
) {
  const facts: CallFact[] = [];
  const log = new LogLines();
  const agent = {
    ...recordedAgent,
    model: model25,
    settings: { ...recordedAgent.settings, languageCode: 'de-AT' },
  };
  const session = openModelSession(driversFor(access), agent, fresh, (fact) => facts.push(fact), log.logger);
  onTestFinished(() => session.close());
  return { session, facts, log };
}

/** A token service and a model that calls a tool at once, both on one port. */
async function startCloud({ onTestFinished }: TestContext, answers: 'atOnce' | 'onRelease' = 'atOnce'): Promise<Cloud> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-vertex-'));
  const upgrades: [string, string][] = [];
  const frames: unknown[] = [];
  const waiting: (() => void)[] = [];
  let isReleased = answers === 'atOnce';
  let tokens = 0;
  const http = createServer((request: IncomingMessage, response: ServerResponse) => {
    const answer = (): void => {
      tokens += 1;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          access_token: `token-${tokens}`,
          token_type: 'Bearer',
          expires_in: 3600,
          issued_token_type: 'x',
        }),
      );
    };
    request.resume();
    if (isReleased) answer();
    else waiting.push(answer);
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket, request) => {
    upgrades.push([request.url ?? '', request.headers.authorization ?? '']);
    socket.on('message', (data) => {
      frames.push(parseJson(frameText(data)));
      if (frames.length > 1) return;
      socket.send(JSON.stringify({ setupComplete: {} }));
      socket.send(JSON.stringify(toolCall));
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    http.closeAllConnections();
    http.close();
    rmSync(folder, { recursive: true });
  });
  const address = http.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const credentialsFile = join(folder, 'pool.json');
  writeFileSync(join(folder, 'subject'), 'subject-token');
  const pool = {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${url}/token`,
    credential_source: { file: join(folder, 'subject') },
  };
  writeFileSync(credentialsFile, JSON.stringify(pool));
  const release = (): void => {
    isReleased = true;
    for (const answer of waiting.splice(0)) answer();
  };
  return { url, credentialsFile, upgrades, frames, release };
}
