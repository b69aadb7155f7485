import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentChecks } from '../../../src/cli/doctor/agent-checks.ts';
import { Scene } from '../../../src/cli/doctor/scene.ts';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const text = `
agents:
  house: { default: true }
  sales:
    numbers: ["01 2345678"]
    destinations: { boss: "01 2345670 ext. 3" }
`;

test('who answers which number is told, and with whom each agent connects callers', async (context) => {
  const folder = temporaryFolder(context, { 'agents.yaml': text });
  const config = loadConfig({ AGENTS_FILE: join(folder, 'agents.yaml'), PHONE_COUNTRY: 'AT' });
  const scene = new Scene(config, { env: {}, nodeVersion: '', unixMs: Date.now, route: (url) => url });
  context.onTestFinished(async () => scene.close());
  const findings = await Promise.all(agentChecks.map(async ({ run }) => run(scene)));
  expect(findings.flat()).toMatchObject([
    { text: 'house answers all other numbers, and connects callers with nobody.' },
    {
      text: 'sales answers +4312345678, and connects callers with boss +4312345670 and then the keys ww3, taken by pressing 1.',
    },
  ]);
});
