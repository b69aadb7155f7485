import { once } from 'node:events';
import { expect, test, type TestContext } from 'vitest';
import { WebSocket } from 'ws';
import { ServiceScene } from '../../e2e/service-scene.ts';
import { until } from '../../until.ts';

/** A service with its pages, and the cookie of somebody who is logged in. */
async function openService(context: TestContext) {
  const env = { ADMIN_PORT: '0', TRANSFER_DESTINATIONS: 'support=+12025550100' };
  const scene = await ServiceScene.open(context, { env });
  const link = scene.service.admin?.link ?? '';
  const { headers } = await fetch(link, { redirect: 'manual' });
  const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const { origin } = new URL(link);
  /** The JSON of the first event of a stream. */
  const first = async (path: string): Promise<string> => {
    const ended = new AbortController();
    const { body } = await fetch(origin + path, { headers: { cookie }, signal: ended.signal });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!/^data: .*\n\n/m.test(text)) text += (await reader?.read())?.value ?? '';
    ended.abort();
    return /^data: (.*)$/m.exec(text)?.[1] ?? '';
  };
  const order = async (callSid: string, form: object): Promise<Response> =>
    fetch(`${origin}/api/live/${callSid}/orders`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(form),
    });
  return { scene, origin, cookie, first, order };
}

test('a call of the service is seen, heard and hung up from the pages', async (context) => {
  const { scene, origin, cookie, first, order } = await openService(context);
  const phone = scene.call();
  const { callSid } = phone;
  await until('the greeting is said', () => scene.log.named('transcript').length > 0);
  const board = JSON.parse(await first('/api/board/events'));
  expect(board).toMatchObject({
    calls: [
      { callSid, from: phone.from, to: phone.to, source: 'phone', stage: 'talking', lastWords: { agent: 'Beep.' } },
    ],
    summary: { load: { calls: 1, modelSessions: 1 }, day: { calls: 1 }, problems: [] },
  });
  const view = JSON.parse(await first(`/api/live/${callSid}/events`));
  expect(view).toMatchObject({
    destinations: ['support'],
    items: [{ text: 'The model is ready.' }, { kind: 'words', text: 'Beep.', state: 'whole' }],
  });
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/live/sound?call=${callSid}`, {
    headers: { cookie },
  });
  // A simulated caller who says nothing still has a line on which silence comes.
  const [heard]: Buffer[] = await once(socket, 'message');
  // A frame, or two that were read together.
  expect(heard?.length).toBeOneOf([161, 321]);
  expect(await (await order(callSid, { kind: 'transfer', destination: 'nowhere', reason: null })).json()).toEqual({
    error: 'There is no destination of that name.',
  });
  expect((await order(callSid, { kind: 'hangUp' })).status).toBe(200);
  await phone.ended;
  expect((await order(callSid, { kind: 'hangUp' })).status).toBe(409);
  const after = JSON.parse(await first('/api/board/events'));
  expect(after).toMatchObject({ calls: [], ended: [{ callSid, end: { outcome: 'endedByOperator' } }] });
});
