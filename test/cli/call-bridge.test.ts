import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { WebSocketServer } from 'ws';
import { writeWav } from '../../src/audio/wav.ts';
import { frameText } from '../../src/encoding/frame-text.ts';
import { isJsonObject, parseJson } from '../../src/encoding/json.ts';
import { callCommand } from '../../src/cli/call.ts';
import { runHere } from './run-cli.ts';

const stream = '<Connect><Stream url="wss://HOST/media" /></Connect>';
/** Half a second of mu-law that is loud. */
const speech = Buffer.from(Array.from({ length: 4000 }, (_, at) => (at % 20 < 10 ? 0x20 : 0xa0)));

test.concurrent('a bridge that has a welcome said before its agent speaks is not held to have apologised', async (context) => {
  const url = await bridge(context, `<Say>Please wait.</Say>${stream}<Pause length="60" />`);
  const { code, out, err } = await call(context, url);
  expect(err).toBe('');
  expect(out).toMatch(/says "Please wait\."[\s\S]*opens the media stream[\s\S]*is over \(callerHungUp\)/);
  expect(code).toBe(0);
});

test.concurrent.for([
  ['that says something instead', '<Say>Sorry.</Say>', 'The bridge had "Sorry." said instead of an answer.'],
  ['that refuses', '<Reject reason="busy" />', 'The bridge refused the call with the busy tone.'],
] as const)('a bridge %s has not answered', async ([, verbs, problem], context) => {
  const { code, err } = await call(context, await bridge(context, verbs));
  expect([code, err]).toEqual([1, `\n${problem}\n`]);
});

test.concurrent('a bridge without this path has not answered', async (context) => {
  const { code, err } = await call(context, (await bridge(context, stream)).replace('/voice', '/else'));
  expect(err).toContain('The bridge did not answer the voice webhook: ');
  expect(code).toBe(1);
});

/** A bridge of few lines, which knows itself by the address under which it is called: it greets, and answers whoever has spoken. */
async function bridge({ onTestFinished }: TestContext, verbs: string): Promise<string> {
  const http = createServer((request, response) => {
    if (request.url !== '/voice') return void response.writeHead(404).end();
    response.setHeader('content-type', 'text/xml');
    response.end(`<Response>${verbs.replace('HOST', request.headers.host ?? '')}</Response>`);
  });
  new WebSocketServer({ server: http, path: '/media' }).on('connection', (socket) => {
    let hasHeard = false;
    socket.on('message', (data) => {
      const message = parseJson(frameText(data));
      if (!isJsonObject(message)) return;
      const { event, streamSid, media } = message;
      const say = (): void => {
        socket.send(JSON.stringify({ event: 'media', streamSid, media: { payload: speech.toString('base64') } }));
      };
      if (event === 'start') return say();
      const payload = isJsonObject(media) ? String(media.payload) : '';
      if (hasHeard || !Buffer.from(payload, 'base64').some((code) => (code & 0x7f) < 0x50)) return;
      hasHeard = true;
      setTimeout(say, 600);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/voice`;
}

/** Calls it with a public address and no key of a model. */
function call({ onTestFinished }: TestContext, url: string) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-call-bridge-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const audio = join(folder, 'caller.wav');
  const samples = new Int16Array(2400).map((_, at) => (at % 20 < 10 ? 3900 : -3900));
  writeFileSync(audio, writeWav({ sampleRateHz: 8000, channels: 1, samples }));
  const settings = { PUBLIC_URL: 'https://bridge.example.com' };
  return runHere(callCommand, ['--audio', audio, '--url', url], { settings, folder });
}
