import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linesOf, startProgram } from '../../start-program.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { until } from '../../until.ts';

test('a service that starts says what was mended, what it ignores, and what its agent is made of', async (context) => {
  const prompt = 'You sell shoes.\nOrder #5 is late.';
  // The path begins in the package, and not where the process stands.
  const settings = `\uFEFFAGENT_PROMPT="${prompt}"\r\nAGENT_VOCE=Puck\r\nLOOKUP_FILE=fixtures/data/orders.csv\r\nFALLBACK_VOICEMAIL=true\r\n`;
  const folder = temporaryFolder(context, { 'parley.env': settings });
  const usual = { PORT: '0', ADMIN_PORT: 'off', JOURNAL_FILE: 'off' };
  const child = startProgram({ ...usual, PARLEY_ENV_FILE: join(folder, 'parley.env') }, folder);
  context.onTestFinished(() => void child.kill('SIGKILL'));
  const lines = linesOf(child);
  await until('it listens', () => lines.some(({ msg }) => msg === 'listening'));
  expect(lines.find(({ msg }) => msg === 'listening')).toMatchObject({
    model: 'simulated',
    voice: 'Kore',
    language: null,
    promptCharacters: prompt.length,
    isOwnPrompt: true,
    tools: ['lookup_record', 'end_call'],
    destinations: [],
    fallback: ['voicemail'],
    journal: null,
  });
  expect(lines.filter(({ msg }) => msg === 'configuration').map(({ warning }) => warning)).toEqual([
    expect.stringContaining('begins with a byte order mark'),
    expect.stringContaining('has the line ends of Windows'),
    expect.stringContaining('AGENT_VOCE is not a setting of Parley; did you mean AGENT_VOICE?'),
  ]);
});
