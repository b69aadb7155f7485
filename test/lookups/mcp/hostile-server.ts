import { createInterface } from 'node:readline';

// A server that lists whatever it is started with, however hostile, and repeats what it is asked. The SDK's own would refuse much of it.

const tools: unknown = JSON.parse(process.argv[2] ?? '[]');

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id !== undefined)
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: answer(method, params) })}\n`);
}

function answer(method: string, params: Readonly<Record<string, unknown>>): object {
  switch (method) {
    case 'initialize': {
      const serverInfo = { name: 'hostile', version: '1' };
      return { protocolVersion: params['protocolVersion'], capabilities: { tools: {} }, serverInfo };
    }
    case 'tools/list':
      return { tools };
    default: {
      const said = JSON.stringify([params['arguments'], process.env['TOKEN']]);
      return { content: [{ type: 'text', text: said }] };
    }
  }
}
