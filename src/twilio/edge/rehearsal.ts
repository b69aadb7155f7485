import { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import type { TwimlWriter } from '../twiml-writer.ts';
import { readForms } from './webhook-routes.ts';

/**
 * Reads a form and writes a document, as for a call. The packages for both load parts of themselves when they are first used, among them
 * tables of every character encoding, and a first caller would be kept waiting by that.
 */
export async function rehearseWebhook(twiml: TwimlWriter): Promise<void> {
  twiml.write({ kind: 'stream', number: 1 }, null);
  const body = Buffer.from('CallStatus=ringing');
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) };
  const request = Object.assign(Readable.from([body]), { headers }) as unknown as Request;
  await new Promise<void>((resolve) => readForms(request, {} as Response, () => resolve()));
}
