import { createHmac } from 'node:crypto';
import type { ContextWebhook } from '../../config/context-variables.ts';
import type { AskContext, ContextQuestion, ContextReply } from '../../host/incoming/context-desk.ts';
import type { Clock } from '../../system/clock.ts';

/** Fifty values of five hundred characters, with room to spare. */
const answerBytesMax = 64 * 1024;

/**
 * Asks the admin's own server about calls: one POST of JSON each, over a connection that is kept. Redirects are not followed, because the
 * admin named the address. The signature is `t=<Unix seconds>,v1=<HMAC-SHA256 of "seconds.body" in hexadecimal digits>`.
 */
export function contextWebhook({ url, secret }: ContextWebhook, clock: Clock): AskContext {
  return (question, signal, done) => {
    const body = questionBody(question);
    const headers = { 'content-type': 'application/json', accept: 'application/json', ...signature(body) };
    void tellReply(done, url, { method: 'POST', body, headers, redirect: 'manual', signal });
  };

  function signature(body: string): Record<string, string> {
    if (secret === null) return {};
    const seconds = Math.floor(clock.unixMs() / 1000);
    const proof = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
    return { 'x-parley-signature': `t=${seconds},v1=${proof}` };
  }
}

function questionBody({ callSid, from, to, agent }: ContextQuestion): string {
  return JSON.stringify({ callSid, from, to, agent });
}

/** Tells what came of a request, in every case. */
async function tellReply(done: (reply: ContextReply) => void, ...request: [string, RequestInit]): Promise<void> {
  done(await replyOf(...request));
}

/** Never rejects. */
async function replyOf(url: string, request: RequestInit): Promise<ContextReply> {
  try {
    const response = await fetch(url, request);
    const text = await bodyText(response);
    if (response.status >= 300 && response.status < 400) return { failed: 'It redirects, which is not followed.' };
    if (!response.ok) return { failed: `It answered with status ${response.status}.` };
    return text === null ? { failed: `The answer is longer than ${answerBytesMax} bytes.` } : { text };
  } catch (error) {
    return { failed: `It could not be reached (${codeOf(error)}).` };
  }
}

/** The body, read to its end so that the connection can be used again; null when it is too long. */
async function bodyText({ body }: Response): Promise<string | null> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > answerBytesMax) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The system's word for what went wrong. The message may hold the address, which may hold a secret. */
function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
    if (!(cause.cause instanceof Error)) return cause.name;
  }
  return 'unknown';
}
