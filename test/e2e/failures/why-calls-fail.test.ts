import { expect, test } from 'vitest';
import { z } from 'zod';
import { localTime } from '../../../src/cli/history/call-lines.ts';
import { openConsoleWith } from '../../console/history/history-scene.ts';
import { callsCommand } from '../../../src/cli/calls.ts';
import { inspectCommand } from '../../../src/cli/inspect.ts';
import { runHere } from '../../cli/run-cli.ts';
import { failCalls, failures, lost } from './failed-calls.ts';

const answer = z.object({
  calls: z.array(
    z.object({
      callSid: z.string(),
      startedAtMs: z.number(),
      outcome: z.string().nullable(),
      faults: z.array(z.string()),
      why: z.string().nullable(),
    }),
  ),
});

test('of each of ten failed calls, the history says why it failed: in one request, in one command, and without recordings', async (context) => {
  const { file, callSids } = await failCalls(context);
  const expected = [...failures, lost].map(({ name, outcome, faults, why }) => ({ name, outcome, faults, why }));
  const asksHistory = await openConsoleWith(context, file);
  const { calls } = answer.parse(JSON.parse((await asksHistory('/api/calls?limit=50')).body));
  const told = expected.map(({ name }) => {
    const call = calls.find(({ callSid }) => callSid === callSids.get(name));
    return { name, outcome: call?.outcome, faults: call?.faults, why: call?.why };
  });
  expect(told).toEqual(expected);

  const settings = { JOURNAL_FILE: file };
  const listed = await runHere(callsCommand, ['--limit', '50'], { settings });
  expect(expected.filter(({ why }) => !listed.out.includes(why))).toEqual([]);
  const quota = calls.find(({ callSid }) => callSid === callSids.get('the quota is used up'));
  const time = localTime(quota?.startedAtMs ?? 0);
  const inspected = await runHere(inspectCommand, [time], { settings });
  expect(inspected).toMatchObject({ code: 0, err: '' });
  expect(inspected.out).toContain(time);
});
