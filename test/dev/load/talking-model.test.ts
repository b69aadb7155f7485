import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { TalkFigures } from '../../../dev/load/ends/talk-figures.ts';
import { TalkingModel } from '../../../dev/load/ends/talking-model.ts';
import { acceptWires, openWire, type WireEnd } from '../../../dev/load/ends/wire-end.ts';
import { listenOnAnyPort } from '../../any-port.ts';
import { until } from '../../until.ts';

const greetingRequest = '{"clientContent":{"turns":[{"role":"user","parts":[{"text":"Greet."}]}],"turnComplete":true}}';

test('the model of a load greets when it is asked to, and counts what it is asked later', async ({
  onTestFinished,
}) => {
  const figures = new TalkFigures();
  const model = new TalkingModel(0, figures, () => 0);
  const http = createServer();
  acceptWires(http, (wire) => model.takeSession(wire));
  onTestFinished(() => void http.close());
  const bridge = await openWire(`http://127.0.0.1:${await listenOnAnyPort(http)}`, {});
  const heard = textsOf(bridge);
  await until('it is set up', () => heard.length > 0);

  model.sendDue(0);
  bridge.send(greetingRequest);
  await until('it speaks', () => {
    model.sendDue(0);
    return heard.length > 1;
  });
  expect(heard[0]).toBe('{"setupComplete":{}}');
  expect(heard[1]).toContain('"mimeType":"audio/pcm;rate=24000"');
  expect(figures.nudges).toBe(0);

  bridge.send(greetingRequest);
  await until('it counts', () => figures.nudges === 1);
  bridge.cut();
  await until('it has lost its session', () => figures.sessionsLost === 1);
});

function textsOf(wire: WireEnd): string[] {
  const texts: string[] = [];
  wire.listen({ onMessage: (message) => texts.push(message.toString('latin1')), onClose: () => {} });
  return texts;
}
