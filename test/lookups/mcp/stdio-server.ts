import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

import { createTestServer } from './mcp-test-server.ts';

// Some servers do not end when their input does, or when they are told to.
if (process.argv.includes('--stubborn')) {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1_000);
}
process.stdout.write('Welcome to the test server!\n');
await createTestServer().connect(new StdioServerTransport());
