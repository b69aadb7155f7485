import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { createLookupRecord } from '../../src/tools/lookup-record.ts';
import { readLookupTable } from '../../src/tools/lookup-file.ts';
import { toolContext } from './tool-context.ts';

const orders = readLookupTable(fileURLToPath(new URL('../../fixtures/data/orders.csv', import.meta.url)));
const context = toolContext();

const bootsSentences =
  'The order is A1042. The customer is Maria Lindqvist. The item is walking boots size 39. The status is shipped. ' +
  'The shipping day is Monday. The delivery time is Wednesday before noon. The carrier is Northline Parcel.';

test.each(['A1042', 'a 1042', 'A-1042.', 'A one zero four two', 'A one oh four two', 'A ten forty-two'])(
  '"%s" finds the order and answers in sentences',
  async (query) => {
    expect(await look({ query })).toEqual({ status: 'found', result: bootsSentences });
  },
);

test('a value that the record lacks is left out of the answer', async () => {
  const { result } = await look({ query: 'B2020' });
  expect(result).toBe(
    'The order is B2020. The customer is Samuel Okoye. The item is water filter. The status is cancelled.',
  );
});

test('a part of a value is found, and the model is told to ask whether it is the right one', async () => {
  for (const query of ['1042', 'walking boots']) {
    const { status, result, message } = await look({ query });
    expect([status, result]).toEqual(['found', bootsSentences]);
    expect(message).toContain('Ask the caller whether it is the right one first.');
  }
});

test('the words of a name may stand in any order, beside a word from another value', async () => {
  expect((await look({ query: 'boots, Lindqvist Maria' })).result).toBe(bootsSentences);
});

test('a code with another letter finds nothing', async () => {
  expect(await look({ query: 'B1042' })).toMatchObject({ status: 'not_found' });
});

test('a value that is missing is not what a query without letters asks for', async () => {
  expect(await look({ query: '?' }, { columns: ['order', 'note'], records: [['A1042', '']] })).toMatchObject({
    status: 'not_found',
  });
});

test('one or two signs are too few to guess from', async () => {
  for (const query of ['A1', 'a', '?']) expect(await look({ query })).toMatchObject({ status: 'not_found' });
});

test('nothing found is an answer that says what to do', async () => {
  expect(await look({ query: 'A9999' })).toEqual({
    status: 'not_found',
    retryable: false,
    message:
      'No record fits. Read back to the caller what you looked for and ask whether it is right. ' +
      'Look again only for something else, and if that fails too, say that you cannot find it.',
  });
});

test('several records are told apart by what differs between them', async () => {
  expect(await look({ query: 'maria lindqvist' })).toEqual({
    status: 'several',
    result:
      'Record 1: The order is A1042. The item is walking boots size 39. The status is shipped. ' +
      'The shipping day is Monday. The delivery time is Wednesday before noon. ' +
      'Record 2: The order is A1043. The item is rain jacket. The status is being packed. The delivery time is Friday.',
    message: '2 records fit. Do not read them out. Ask the caller one question that tells them apart, then look again.',
  });
});

test('of many records three are shown', async () => {
  const { result, message } = await look({ query: 'Northline' });
  expect(result).toContain('Record 3:');
  expect(result).not.toContain('Record 4:');
  expect(message).toContain('More than 3 records fit.');
});

test('the field narrows the search, and is ignored if it finds nothing', async () => {
  const table = {
    columns: ['order', 'customer'],
    records: [
      ['Berg', 'Anna'],
      ['A1', 'Berg'],
    ],
  };
  expect(await look({ query: 'berg', field: 'customer' }, table)).toMatchObject({
    status: 'found',
    result: 'The order is A1. The customer is Berg.',
  });
  expect(await look({ query: 'anna', field: 'order' }, table)).toMatchObject({ status: 'found' });
  await expect(look({ query: 'berg', field: 'price' }, table)).rejects.toMatchObject({ code: 'tool.argumentsInvalid' });
});

test('the same record twice is one record', async () => {
  const table = { columns: ['order'], records: [['A1042'], ['A1042']] };
  expect(await look({ query: 'A1042' }, table)).toEqual({ status: 'found', result: 'The order is A1042.' });
});

test('an answer stays within a few kilobytes', async () => {
  const records = ['one', 'two', 'three', 'four'].map((id) => ['shelf', id, id.repeat(20_000)]);
  const { result } = await look({ query: 'shelf' }, { columns: ['place', 'id', 'note'], records });
  expect(String(result)).toMatch(/[a-z]… The rest is left out\.$/);
  expect(String(result).length).toBeLessThan(3_200);
});

test('the model is told the columns, and cannot send an endless query', async () => {
  const tool = createLookupRecord(orders);
  expect(tool.behavior).toBe('blocking');
  expect(tool.description).toContain('order, customer, item, status, shipping_day, delivery_time, carrier');
  expect(tool.parameters).toMatchObject({ properties: { field: { enum: orders.columns } }, required: ['query'] });
  await expect(look({ query: 'a'.repeat(201) })).rejects.toMatchObject({ code: 'tool.argumentsInvalid' });
});

async function look(args: unknown, table = orders) {
  return (await createLookupRecord(table).run(args, context)).response;
}
