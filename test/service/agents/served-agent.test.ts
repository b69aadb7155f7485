import { expect, test } from 'vitest';
import { environmentAgent } from '../../../src/agents/agent-profile.ts';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { servedAgent } from '../../../src/service/agents/served-agent.ts';
import { createEndCall } from '../../../src/tools/end-call.ts';
import { createTools } from '../../../src/tools/tool.ts';
import { LogLines } from '../../log-lines.ts';

test.for<[readonly string[] | 'all', string, boolean]>([
  ['all', 'false', true],
  [['web'], 'false', true],
  [['orders'], 'false', false],
  // What the environment says holds for all agents.
  [['orders'], 'true', true],
])('an agent with tools %j searches the web by an entry of the tools file (GEMINI_GOOGLE_SEARCH=%s): %s', (given) => {
  const [tools, environment, searches] = given;
  const config = loadConfig({ GEMINI_GOOGLE_SEARCH: environment });
  const profile = { ...environmentAgent(config), tools };
  const offered = { tools: createTools([createEndCall()]), searches: ['web'] };
  const { first } = servedAgent(profile, config, offered, new LogLines().logger);
  expect(first.settings.googleSearch).toBe(searches);
});
