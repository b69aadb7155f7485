import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { createCalendar } from '../../examples/calendar/calendar.ts';
import { httpKind } from '../../src/lookups/http/http-kind.ts';
import { parseToolsFile } from '../../src/lookups/tools-file/read-tools-file.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { toolContext } from '../tools/tool-context.ts';

test('the calendar of the example is looked into and booked by its tools file', async () => {
  const requests: string[] = [];
  const tools = await calendarTools((line) => requests.push(line));
  const ask = async (name: string, args: object, key = 'CA1-1') =>
    (await tools.get(name)?.run(args, toolContext({ key })))?.response;

  const day = '2030-01-02';
  expect(await ask('free_times', { day })).toMatchObject({
    status: 'found',
    result: expect.stringMatching(/^09:00 is free\. 09:30 is free\..* There is 1 more\.$/),
  });
  const booking = { day, time: '09:30', name: 'Ada' };
  expect(tools.get('book_time')).toMatchObject({ effect: 'write', confirm: true });
  const booked = { status: 'done', result: 'It is booked for Ada on 2030-01-02 at 09:30. The number is 1.' };
  expect(await ask('book_time', booking, 'wish-1')).toEqual(booked);
  expect(await ask('book_time', booking, 'wish-1')).toEqual(booked);
  expect(await ask('book_time', { ...booking, name: 'Bob' }, 'wish-2')).toMatchObject({
    status: 'refused',
    message: 'That time is not free; look for free times again and offer another one.',
  });
  expect((await ask('free_times', { day }))?.['result']).not.toContain('09:30');
  expect(await ask('free_times', { day: '2030-01-06' })).toMatchObject({ status: 'refused' });
  await expect(ask('free_times', { day: 'Sunday' })).rejects.toMatchObject({ code: 'tool.argumentsInvalid' });
  expect(requests).toHaveLength(6);
});

async function calendarTools(tell: (line: string) => void): Promise<ReadonlyMap<string, Tool>> {
  const server = createCalendar(tell).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const text = readFileSync(new URL('../../examples/calendar/tools.yaml', import.meta.url), 'utf8');
  const { tools, problems } = parseToolsFile(text.replaceAll('8090', String(portOf(server.address()))), { env: {} });
  expect(problems).toEqual([]);
  const opened = await Promise.all(
    tools.map(async ({ options, fields }) =>
      httpKind.open(options, httpKind.fields.parse(fields), { path: (named) => named, log: () => {}, offer: () => {} }),
    ),
  );
  onTestFinished(async () => {
    await Promise.all(opened.map(async ({ close }) => close()));
  });
  return new Map(opened.flatMap((lookup) => lookup.tools).map((tool) => [tool.name, tool]));
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('The calendar does not listen.');
  return address.port;
}
