import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toolFile } from '../tool-process/tool-folder.ts';
import { toolCommand } from '../../src/cli/tool.ts';
import { runHere } from './run-cli.ts';
import { folderOf } from '../temporary-folder.ts';

describe('npm run tool', () => {
  test('prints what the model would be told, how long it took, and what was logged', async () => {
    const said = `context.log('asked', { word, pii: { from: context.call.from } }); return 'Word ' + word + '.';`;
    const folder = folderOf({ 'say.ts': toolFile({ say: said }) });
    const args = ['say', '{"word":"yes"}', '--from', '+15550111', '--to', '+15550100'];
    const { code, out, err } = await runHere(toolCommand, args, { settings: { TOOLS_DIR: folder } });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^The model is told:\n\n\{\n {2}"result": "Word yes\."\n\}\n\nThat took \d+ ms\.\n\nIt logged:\n {2}info {2}asked \{"word":"yes","pii":\{"from":"\+15550111"\}\}\n$/,
    );
  });

  test('names a search that the model carries out by itself, and says why it cannot be run', async () => {
    const folder = folderOf({ 'tools.yaml': 'tools:\n  search: { kind: google_search }\n' });
    const settings = { TOOLS_FILE: join(folder, 'tools.yaml') };
    const listed = await runHere(toolCommand, [], { settings });
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining('search (Google Search)\n') });
    const run = await runHere(toolCommand, ['search', '{}'], { settings });
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining('by itself, at Google') });
  });

  test('writes a tool that works, and writes over nothing', async () => {
    const folder = join(folderOf({}), 'own');
    const settings = { TOOLS_DIR: folder };
    const written = await runHere(toolCommand, ['--new', 'opening_hours'], { settings });
    expect(written).toMatchObject({ code: 0, err: '' });
    expect(written.out).toContain(`Written: ${join(folder, 'opening-hours.ts')}\n`);
    expect(written.out).toContain(`Written: ${join(folder, 'opening-hours.test.ts')}\n`);

    const used = await runHere(toolCommand, ['opening_hours', '{"query":"delivery"}'], { settings });
    expect(used).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing is known about delivery yet.'),
    });

    const before = readFileSync(join(folder, 'opening-hours.ts'), 'utf8');
    const again = await runHere(toolCommand, ['--new', 'opening_hours'], { settings });
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('is there already') });
    expect(readFileSync(join(folder, 'opening-hours.ts'), 'utf8')).toBe(before);
  });
});
