import { createServer, request } from 'node:http';
import { expect, test, type TestContext } from 'vitest';
import type { CallReport } from '../../src/sim/carrier/call-report.ts';
import type { PhoneCall } from '../../src/sim/carrier/hosts/phone.ts';
import { until } from '../until.ts';
import { fallback, isClosed, ServiceScene } from './service-scene.ts';

const listens = [{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 100 }] as const;
const answersTwice = {
  turns: [{ steps: [{ say: 'beep' }] }, { steps: [{ say: 'beep' }] }],
  setupMs: 0,
  latencyMs: 0,
};

test.concurrent('a call is held at the addresses of an instance, to its status callback', async (context) => {
  const scene = await ServiceScene.open(context, { model: { script: answersTwice }, env: { INSTANCE: 'a' } });
  const report = await scene.call({ script: { steps: [...listens, { hangUp: true }] } }).ended;
  expect(report).toMatchObject({ endReason: 'callerHungUp', streams: [{}] });
  await until('its end', () => scene.log.named('callEnded').length === 1);
  expect(scene.log.named('callEnded')).toMatchObject([{ reason: 'callerHungUp' }]);
  expect(scene.log.named('webhookRefused')).toEqual([]);
});

test.concurrent('a caller whose stream breaks is back in a new one, with the same model session', async (context) => {
  const scene = await ServiceScene.open(context, { model: { script: answersTwice } });
  // The stream breaks in this pause, before the caller speaks.
  const steps = [...listens, { pauseMs: 4000 }, { tone: { hz: 440, ms: 500 } }, ...listens, { hangUp: true }] as const;
  const phone = scene.call({ script: { steps } });
  await until('the greeting was heard', () => scene.log.named('transcript').length === 1);
  phone.loseNetwork();
  const report = await phone.ended;
  expect(report.streams).toHaveLength(2);
  expect(report).toMatchObject({
    endReason: 'callerHungUp',
    streams: [{}, { received: { media: expect.any(Number) } }],
  });
  expect(gaveUp(report)).toBe(false);
  expect(scene.model.sessions).toHaveLength(1);
});

// Behind a tunnel that passes no WebSockets on, every webhook is answered, no stream ever opens, and only Twilio knows why.
test.concurrent('a caller whose streams are all refused by a tunnel gets a human, and the log says why', async (context) => {
  const scene = await ServiceScene.open(context);
  const target = await tunnelWithoutUpgrades(scene.service.port, context);
  const { streams, timeline } = await scene.call({ target }).ended;
  expect(streams).toEqual([]);
  expect(timeline.filter(({ kind }) => kind === 'dial.started')).toMatchObject([{ to: fallback }]);
  const failed = { fault: 'stream.failedAtTwilio', twilioCode: '31920' };
  await until('the log tells it', () => scene.log.named('streamFailed').length > 0);
  expect(scene.log.named('streamFailed')[0]).toMatchObject(failed);
});

test.concurrent('a stream that breaks again and again brings the caller to a human', async (context) => {
  const scene = await ServiceScene.open(context);
  const phone = scene.call();
  for (let lost = 1; lost <= 6; lost += 1) {
    await until(`stream ${lost}`, () => scene.log.named('streamStarted').length === lost);
    phone.loseNetwork();
  }
  const { timeline, streams } = await phone.ended;
  expect(streams).toHaveLength(6);
  expect(timeline.filter(({ kind }) => kind === 'dial.started')).toMatchObject([{ to: fallback }]);
});

test.concurrent.for(['firstAnswerLost', 'bothAnswered'] as const)(
  'a voice webhook that arrives twice (%s) is one call with one model session',
  async (duplicateVoiceWebhook, context) => {
    const scene = await ServiceScene.open(context, { model: { script: answersTwice } });
    const steps = [...listens, { tone: { hz: 440, ms: 500 } }, ...listens, { hangUp: true }] as const;
    const report = await scene.call({ duplicateVoiceWebhook, script: { steps } }).ended;
    expect(report.timeline.filter(({ kind }) => kind === 'webhook.sent').slice(0, 2)).toMatchObject([
      { purpose: 'voice' },
      { purpose: 'voice' },
    ]);
    expect(report.endReason).toBe('callerHungUp');
    expect(gaveUp(report)).toBe(false);
    expect(scene.model.sessions).toHaveLength(1);
    expect(scene.log.named('callReceived')).toHaveLength(1);
  },
);

test.concurrent('a caller who hangs up leaves nothing behind', async (context) => {
  const scene = await ServiceScene.open(context);
  const phones: PhoneCall[] = [scene.call(), scene.call({ actionAfterHangUp: true })];
  await until('both streams', () => scene.log.named('streamStarted').length === 2);
  for (const phone of phones) phone.hangUp();
  await Promise.all(phones.map(({ ended }) => ended));
  expect(scene.service.registry.liveCount).toBe(0);
  expect(scene.log.named('callEnded').map(({ reason }) => reason)).toEqual(['callerHungUp', 'callerHungUp']);
  await until('both sessions are closed', () => scene.model.sessions.every(isClosed));
});

/** Passes requests on to the service, and answers upgrades with 502. Returns its address. */
async function tunnelWithoutUpgrades(port: number, { onTestFinished }: TestContext): Promise<string> {
  const tunnel = createServer((req, res) => {
    const { method, url: path, headers } = req;
    req.pipe(
      request({ port, host: '127.0.0.1', method, path, headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(res);
      }),
    );
  });
  tunnel.on('upgrade', (_req, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'));
  await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void tunnel.close());
  const address = tunnel.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

function gaveUp({ timeline }: CallReport): boolean {
  return timeline.some(({ kind }) => kind === 'caller.gaveUpWaiting');
}
