import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect, onTestFinished, test } from 'vitest';

import { sqlKind } from '../../../src/lookups/sql/sql-kind.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { createLogger } from '../../../src/system/logger.ts';
import { ToolLane, usualLimits } from '../../../src/tool-process/tool-lane.ts';
import { toolContext } from '../../tools/tool-context.ts';
import { until } from '../../until.ts';
import { lookupOptions } from '../lookup-options.ts';
import { parameter } from './sql-scene.ts';
import { folderOf } from '../../temporary-folder.ts';

test('a query of SQLite that does not end costs its process, and the next one is answered', async () => {
  const folder = folderOf({});
  new DatabaseSync(join(folder, 'shop.db')).close();
  const fields = sqlKind.fields.parse({
    database: 'shop.db',
    query:
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <> :last) SELECT max(i) AS found FROM n',
    parameters: { last: parameter('integer') },
  });
  const options = lookupOptions({ timeoutMs: 300 });
  const lane = new ToolLane({
    name: sqlKind.lane(fields),
    sources: [{ type: 'lookup', lookup: { kind: 'sql', options, fields, folder } }],
    clock: systemClock,
    log: createLogger('silent'),
    limits: { ...usualLimits, graceMs: 100, pingMs: 500, pauseMs: 1 },
  });
  onTestFinished(async () => await lane.close());
  const { tools, problems } = await lane.open();
  expect(problems).toEqual([]);
  const tool = tools[0]?.tool;
  const pid = lane.pid;
  await expect(tool?.run({ last: 0 }, toolContext())).rejects.toMatchObject({ code: 'tool.interrupted' });
  // The time of the tool is shorter than a new process needs.
  const answer = await until(
    'the next answer',
    async () => await tool?.run({ last: 5 }, toolContext()).catch(() => null),
  );
  expect(answer.response).toEqual({ status: 'found', result: 'The found is 5.' });
  expect(lane.pid).not.toBe(pid);
});
