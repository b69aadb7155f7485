import { mcpKind } from '../../../src/lookups/mcp/mcp-kind.ts';
import { toolContext } from '../../tools/tool-context.ts';
import { lookupOptions } from '../lookup-options.ts';

// A process as tools run in: opens a server, and says which processes that has made.
const [server = ''] = process.argv.slice(2);
const { tools } = await mcpKind.open(
  lookupOptions(),
  mcpKind.fields.parse({ command: process.execPath, args: [server, '--stubborn'], tools: { have_child: null } }),
  { path: (named) => named, log: () => {}, offer: () => {} },
);
const answer = await tools[0]?.run({}, toolContext());
process.send?.(answer?.response['result']);
