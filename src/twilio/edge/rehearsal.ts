import { Socket } from 'node:net';
import type { TwimlWriter } from '../twiml-writer.ts';
import { readForms } from './webhook-routes.ts';

const { IncomingMessage, ServerResponse } = process.getBuiltinModule('node:http');

/**
 * Reads a form and writes a document, as for a call. The packages for both load parts of themselves when they are first used, among them
 * tables of every character encoding, and a first caller would be kept waiting by that.
 */
export async function rehearseWebhook(twiml: TwimlWriter): Promise<void> {
  twiml.write({ kind: 'stream', number: 1 }, null);
  const body = Buffer.from('CallStatus=ringing');
  const request = new IncomingMessage(new Socket());
  request.headers['content-type'] = 'application/x-www-form-urlencoded';
  request.headers['content-length'] = String(body.length);
  request.push(body);
  request.push(null);
  await new Promise<void>((resolve) => readForms(request, new ServerResponse(request), () => resolve()));
}
