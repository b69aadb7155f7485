import type { PlannedDestination } from '../../src/config/destinations/destination-schema.ts';
import { placeAt } from '../call/call-scene.ts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { environmentAgent } from '../../src/agents/agent-profile.ts';
import { agentTools } from '../../src/agents/agent-tools.ts';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { builtInTools } from '../../src/tools/built-in.ts';
import { createTools, defineTool } from '../../src/tools/tool.ts';

const [orders, weather] = ['orders', 'weather'].map((name) =>
  defineTool({ name, description: 'Looks up.', parameters: z.object({}), run: () => 'found' }),
);

const planned: PlannedDestination = { ...placeAt('+15550100'), hours: null, afterHours: { kind: 'tell' } };

function namesOf(agent: object, destinations: readonly string[] = ['support']): string[] {
  if (orders === undefined || weather === undefined) throw new RangeError('There are two tools.');
  const all = createTools([orders, weather, ...builtInTools({ lookupTable: null, destinations: ['everybody'] })]);
  const profile = environmentAgent(loadConfig({}));
  const own = new Map(destinations.map((name) => [name, planned]));
  return [...agentTools({ ...profile, destinations: own, ...agent }, all).keys()];
}

test('an agent has the tools that it may use, and those that direct the call', () => {
  expect(namesOf({ tools: 'all' })).toEqual(['orders', 'weather', 'transfer_call', 'end_call']);
  expect(namesOf({ tools: ['weather'] })).toEqual(['weather', 'transfer_call', 'end_call']);
  expect(namesOf({ tools: [] })).toEqual(['transfer_call', 'end_call']);
});

test('an agent transfers to its own destinations, and not at all without one', () => {
  const all = createTools(builtInTools({ lookupTable: null, destinations: ['everybody'] }));
  const profile = { ...environmentAgent(loadConfig({})), destinations: new Map([['sales', planned]]) };
  expect(agentTools(profile, all).get('transfer_call')?.parameters).toMatchObject({
    properties: { destination: { enum: ['sales'] } },
  });
  expect(namesOf({}, [])).toEqual(['orders', 'weather', 'end_call']);
});
