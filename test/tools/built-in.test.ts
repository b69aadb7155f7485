import { expect, test } from 'vitest';

import { builtInTools } from '../../src/tools/built-in.ts';
import { createEndCall } from '../../src/tools/end-call.ts';
import { createTransferCall } from '../../src/tools/transfer-call.ts';
import { toolContext } from './tool-context.ts';

const context = toolContext();
const lookupTable = { columns: ['order'], records: [['A1042']] };

test('a tool is offered only if the settings give it something to do', () => {
  const names = (table: typeof lookupTable | null, destinations: string[]) =>
    builtInTools({ lookupTable: table, destinations }).map(({ name }) => name);
  expect(names(null, [])).toEqual(['end_call']);
  expect(names(lookupTable, ['support'])).toEqual(['lookup_record', 'transfer_call', 'end_call']);
});

test('end_call hangs up, and its answer does not make the model speak again', async () => {
  const endCall = createEndCall();
  expect(endCall.behavior).toBe('nonBlocking');
  await expect(endCall.run({}, context)).resolves.toEqual({
    response: { result: 'The call ends.' },
    silent: true,
    leave: { kind: 'hangUp' },
  });
});

test('transfer_call leaves for a destination by its name and has the model say one sentence first', async () => {
  const { response, leave, silent } = await createTransferCall(['support', 'sales']).run(
    { destination: 'sales' },
    context,
  );
  expect(leave).toEqual({ kind: 'transfer', destination: 'sales', reason: null });
  expect(silent).toBeUndefined();
  expect(response['result']).toContain('Say in one short sentence');
});

test('transfer_call refuses a destination that the admin did not name, a telephone number too', async () => {
  const transferCall = createTransferCall(['support']);
  await expect(transferCall.run({ destination: '+15550199' }, context)).rejects.toMatchObject({
    code: 'tool.argumentsInvalid',
  });
  expect(transferCall.parameters['properties']).toMatchObject({ destination: { enum: ['support'] } });
});
