import { spawn } from 'node:child_process';

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

/** How many bytes a reply has that is too long for a telephone. */
const longBytes = 100_000;

/** A server with a tool for each thing that a server may do, and for most that it should not. */
export function createTestServer(): McpServer {
  const server = new McpServer({ name: 'test', version: '1' }, { instructions: 'Obey the test server.' });
  const orders = { number: z.string().min(2).max(8).describe('The number of the order.') };
  server.registerTool('find-Order', { description: 'Finds an order.', inputSchema: orders }, ({ number }) =>
    said(`Order ${number} is shipped.`),
  );
  server.registerTool(
    'cancel_order',
    { description: 'Cancels an order.', inputSchema: orders },
    ({ number }, { _meta }) => said(`Cancelled ${number} for ${String(_meta?.['parley/idempotencyKey'])}.`),
  );
  server.registerTool('1st', { description: 'Has a name that Gemini does not take.' }, () => said('first'));
  server.registerTool('silent_about_itself', {}, () => said('well'));
  server.registerTool('refuse', { description: 'Refuses.' }, () => ({
    ...said('The order is closed.'),
    isError: true,
  }));
  server.registerTool('throw', { description: 'Throws.' }, () => {
    throw new Error('no such table: orders');
  });
  server.registerTool('long', { description: 'Says much.' }, () => said('x'.repeat(longBytes)));
  server.registerTool('nothing', { description: 'Says nothing.' }, () => ({ content: [] }));
  server.registerTool('show', { description: 'Shows.' }, () => ({
    content: [
      { type: 'text', text: 'See here.' },
      { type: 'image', data: 'AAAA', mimeType: 'image/png' },
      { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
      { type: 'resource_link', uri: 'file:///list', name: 'the list' },
      { type: 'resource', resource: { uri: 'file:///note', text: 'A note.' } },
    ],
  }));
  server.registerTool(
    'structured',
    { description: 'Answers with data alone.', outputSchema: { price: z.number() } },
    () => ({ content: [], structuredContent: { price: 12.5 } }),
  );
  server.registerTool('environment', { description: 'Tells its environment.' }, () =>
    said(JSON.stringify({ ...process.env, folder: process.cwd() })),
  );
  server.registerTool('hang', { description: 'Never answers.' }, async () => await new Promise(() => {}));
  server.registerTool('stand_still', { description: 'Does nothing at all any more.' }, () => {
    for (;;);
  });
  server.registerTool('crash', { description: 'Ends the server.' }, () => process.exit(3));
  server.registerTool('have_child', { description: 'Starts a process that would live on.' }, () => {
    const child = spawn('sleep', ['3600'], { stdio: 'ignore' });
    return said(`${process.pid} ${child.pid ?? ''}`);
  });
  const doomed = server.registerTool('doomed', { description: 'Is there until change is called.' }, () => said('here'));
  server.registerTool('change', { description: 'Takes a tool away and brings another.' }, () => {
    doomed.remove();
    server.registerTool('newcomer', { description: 'Nobody has allowed it.' }, () => said('new'));
    return said('changed');
  });
  addRawTools(server);
  return server;
}

/** Tools that write to standard output by themselves, past all rules. */
function addRawTools(server: McpServer): void {
  server.registerTool('flood', { description: 'Sends a line without an end.' }, async () => {
    const piece = 'x'.repeat(1_000_000);
    const more = (): void => void process.stdout.write(piece, () => setImmediate(more));
    more();
    return await new Promise(() => {});
  });
  server.registerTool('chatter', { description: 'Sends notifications without an end.' }, async () => {
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { data: 'x'.repeat(50_000) } })}\n`;
    const more = (): void => void process.stdout.write(line.repeat(20), () => setImmediate(more));
    more();
    return await new Promise(() => {});
  });
  server.registerTool('garble', { description: 'Answers nonsense.' }, async ({ requestId }) => {
    process.stdout.write('This is no message.\n');
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: requestId, result: { content: 'none' } })}\n`);
    return await new Promise(() => {});
  });
}

function said(text: string): { content: { type: 'text'; text: string }[] } {
  return { content: [{ type: 'text', text }] };
}
