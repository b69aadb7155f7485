/** Node takes no longer heads, and a webhook has at most 64 kB of form behind it. */
const bytesMax = 80 * 1024;

/** Addresses of webhooks that name no instance. */
const ofAnybody = /^\/twilio\//i;

const headEnd = '\r\n\r\n';

/** What must be known of a request before it is given to a process. */
export interface RequestStart {
  /** Path and query as they came; empty for what is no request. */
  readonly target: string;
  /** Which call it is about, as far as it was read; null if it does not say. */
  readonly callSid: string | null;
}

/**
 * Reads the start of a request; null while more of it is needed. An address of an instance says enough. Of any other webhook the form is
 * waited for, because it names the call.
 */
export function readStart(bytes: Buffer): RequestStart | null {
  const lineEnd = bytes.indexOf('\r\n');
  if (lineEnd < 0) return bytes.length < bytesMax ? null : { target: '', callSid: null };
  const line = bytes.toString('latin1', 0, lineEnd);
  const [, method = '', target = ''] = /^([A-Z]{3,10}) (\S+) HTTP\/1\.[01]$/.exec(line) ?? [];
  const headBytes = bytes.indexOf(headEnd);
  const head = headBytes < 0 ? '' : bytes.toString('latin1', lineEnd, headBytes);
  const form = headBytes < 0 ? '' : bytes.toString('latin1', headBytes + headEnd.length);
  const callSid = callSidIn(target) ?? callSidIn(form);
  const isEnough = callSid !== null || !ofAnybody.test(target) || method !== 'POST' || bytes.length >= bytesMax;
  return isEnough || (headBytes >= 0 && isWhole(head, form)) ? { target, callSid } : null;
}

/**
 * Whether nothing more of a form will come, or none before somebody has asked for it. One without a length is read until it names its call,
 * or has become too long.
 */
function isWhole(head: string, form: string): boolean {
  if (/\r\nexpect:/i.test(head)) return true;
  if (/\r\ntransfer-encoding:/i.test(head)) return form.endsWith('0\r\n\r\n');
  const [, length = '0'] = /\r\ncontent-length: *(\d{1,9})/i.exec(head) ?? [];
  return form.length >= Number(length);
}

function callSidIn(text: string): string | null {
  return /(?:^|[?&\n])CallSid=(CA[0-9a-f]{32})(?![0-9a-f])/.exec(text)?.[1] ?? null;
}
