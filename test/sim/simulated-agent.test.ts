import { expect, test } from 'vitest';
import { fitScript, withLastTurnRepeated } from '../../src/sim/simulated-agent.ts';
import { callerIsSilent } from '../../src/call/talk/prompts.ts';
import { parseScript, type Script, sessionScript } from '../../src/sim/model/script/script.ts';
import { TurnSupply } from '../../src/sim/model/script/turn-supply.ts';
import { loadScenario } from '../../src/sim/scenario/scenario.ts';

const lookupTable = {
  columns: ['note', 'booking', 'guest'],
  records: [
    ['', 'K-77', 'Ada Nwosu'],
    ['late', 'K-78', 'Ivo Brandt'],
  ],
};
const destinations = ['reception', 'manager'];
const { model } = loadScenario('no-key');

test("the agent without a key asks for a record of the admin's and transfers to the admin's first destination", () => {
  const { script, misfits } = fitScript(model, { lookupTable, destinations });
  expect(misfits).toEqual([]);
  expect(script.turns).toHaveLength(model.turns.length);
  expect(toolCalls(script)).toEqual([
    { name: 'lookup_record', args: { query: 'K-77' } },
    { name: 'transfer_call', args: { destination: 'reception' } },
  ]);
});

test('what nobody set up is left out, and named by its place and its variable', () => {
  const { script, misfits } = fitScript(model, { lookupTable: null, destinations: [] });
  expect(misfits).toEqual([
    { place: 'model.turns[1].steps[0]', hint: 'lookup_record wants LOOKUP_FILE, and an agent that may use it.' },
    { place: 'model.turns[2].steps[0]', hint: expect.stringContaining('the agent has none: TRANSFER_DESTINATIONS') },
  ]);
  expect(script.turns).toEqual([model.turns[0], model.turns[3]]);
});

test('places are those of the file, though a turn before them is left out', () => {
  const { script, misfits } = fitScript(model, { lookupTable, destinations: [] });
  expect(misfits.map(({ place }) => place)).toEqual(['model.turns[2].steps[0]']);
  expect(toolCalls(script)).toEqual([{ name: 'lookup_record', args: { query: 'K-77' } }]);
});

test.for([
  ['lookup_record', { query: 'A1042' }, 'lookup_record asks for a record that LOOKUP_FILE does not hold.'],
  ['transfer_call', { destination: 'support' }, 'transfer_call wants "support", which is no destination of the agent.'],
  ['send_fax', {}, 'Parley has no tool named send_fax.'],
] as const)('a fixed %s that the admin does not have is left out and named', ([name, args, hint]) => {
  const { script, misfits } = fitScript(calling({ name, args }), { lookupTable, destinations });
  expect(misfits).toEqual([{ place: 'model.turns[0].steps[1]', hint }]);
  expect(script.turns).toEqual([]);
});

test.for([
  { name: 'lookup_record', args: { query: 'k seventy-eight' } },
  { name: 'transfer_call', args: { destination: 'manager' } },
  { name: 'end_call', args: {} },
])('a fixed $name that the admin does have stays as it is', (request) => {
  const { script, misfits } = fitScript(calling(request), { lookupTable, destinations });
  expect(misfits).toEqual([]);
  expect(toolCalls(script)).toEqual([request]);
});

test('a caller who talks on hears the last turn, and causes no second look-up or transfer', () => {
  const { turns } = withLastTurnRepeated(model);
  expect(turns.slice(0, model.turns.length)).toEqual(model.turns);
  const further = turns.slice(model.turns.length);
  expect(further).toHaveLength(300);
  expect(new Set(further)).toEqual(new Set([{ steps: [{ say: 'simulation-nothing-more' }], ends: 'onTime' }]));
  expect(withLastTurnRepeated({ ...model, turns: [] }).turns).toEqual([]);
});

test('an agent without a key begins by saying that it is simulated', () => {
  const { agentClips } = loadScenario('no-key');
  const [greeting] = model.turns[0]?.steps ?? [];
  const said = greeting !== undefined && 'say' in greeting ? agentClips.get(greeting.say)?.text : undefined;
  expect(said).toMatch(/^This is a simulated agent\. /);
});

test('an agent without a key that is to ask whether the caller is there wants to be spoken to, and looks nothing up', () => {
  const { script } = fitScript(model, { lookupTable, destinations });
  const supply = new TurnSupply(sessionScript(script, 1), null, () => '');
  const saidTo = (text: string | null) => supply.take(text)?.whole.steps;
  const greeting = saidTo('[Greet the caller.]');
  expect(saidTo(callerIsSilent.text)).toEqual(greeting);
  expect(saidTo(null)).toMatchObject([{ call: [{ name: 'lookup_record' }] }]);
});

function calling(request: { readonly name: string; readonly args: Readonly<Record<string, string>> }): Script {
  return parseScript({ turns: [{ steps: [{ waitMs: 100 }, { call: request }] }] }, []);
}

function toolCalls(script: Script): { name: string; args: Record<string, unknown> }[] {
  return script.turns
    .flatMap(({ steps }) => steps)
    .flatMap((step) => ('call' in step ? step.call : []))
    .map(({ name, args }) => ({ name, args }));
}
