import { expect, test } from 'vitest';

import { problemLine } from '../../src/admin-file/file-problem.ts';
import { parseToolsFile } from '../../src/lookups/tools-file/read-tools-file.ts';

const file = `tools:
  orders:
    kind: table
    description: Finds an order.
    file: orders.csv
    files: [more.csv]
  status:
    kind: sql
    description: Tells the status.
    database: postgres://shop:\${PASSWORD}@db.example.com/shop
    query: SELECT status FROM orders WHERE number = :number AND day = :day
    parameters:
      number: { type: text, description: The number. }
      name: { type: text, description: The name. }
  remove:
    kind: sql
    description: Removes an order.
    database: shop.db
    query: DELETE FROM orders; SELECT 1
  calendar:
    kind: mcp
    command: node
    url: https://mcp.example.com/mcp
    args: [server.js]
    tools:
      list: { as: List }
  prices:
    kind: table
    description: Finds a price.
    effect: write
    file: prices.csv
`;

test('mistakes in tables, queries and servers are named with their lines, all at once', () => {
  const { problems } = parseToolsFile(file, { env: { PASSWORD: 'tops3cret' } });
  expect(problems.map((problem) => problemLine('tools.yaml', problem))).toEqual([
    'tools.yaml:2:3 tools.orders wants either one file or a list of files.',
    'tools.yaml:11:5 tools.status.query asks for :day, which parameters does not declare.',
    'tools.yaml:14:7 tools.status.parameters.name is not used; query has no :name.',
    'tools.yaml:19:5 tools.remove.query holds more than one statement.',
    'tools.yaml:19:5 tools.remove.query begins neither with SELECT nor with WITH or VALUES, and a lookup only reads.',
    'tools.yaml:20:3 tools.calendar wants either a command or a url.',
    'tools.yaml:23:5 tools.calendar.url leads to mcp.example.com, which is not among hosts; add mcp.example.com there, if it is meant.',
    'tools.yaml:24:5 tools.calendar.args belongs to a command, and this server has a url.',
    'tools.yaml:26:15 tools.calendar.tools.list.as is no name for a tool: it wants small letters, digits and "_", at most 64.',
    'tools.yaml:30:5 tools.prices.effect is write, and this kind changes nothing; leave it out.',
  ]);
});
