import { systemClock } from '../../src/system/clock.ts';
import { createLogger } from '../../src/system/logger.ts';
import { ToolLane } from '../../src/tool-process/tool-lane.ts';
import { trialContext } from '../../src/tools/trial-context.ts';

/** A program that is killed while its tool process is in an endless loop. Says the number of that process. */
const [, , folder = ''] = process.argv;
const log = createLogger('silent');
const lane = new ToolLane({
  name: 'code',
  sources: [{ type: 'folder', folder, privateHosts: [] }],
  clock: systemClock,
  log,
});
const { tools } = await lane.open();
const run = tools[0]?.tool.run({}, trialContext({ log: () => process.send?.(lane.pid) }));
await run?.catch(() => {});
