import { describe, expect, test } from 'vitest';
import { readStart } from '../../src/workers/request-start.ts';

const callSid = `CA${'a1'.repeat(16)}`;

function head(line: string, ...headers: readonly string[]): string {
  return [line, 'host: parley.example', ...headers, '', ''].join('\r\n');
}

const form = `AccountSid=AC1&CallSid=${callSid}&From=%2B15550177`;

describe('the start of a request', () => {
  test.each([
    [
      'names its instance in the first line',
      'POST /i/w1/twilio/stream-ended?stream=1 HTTP/1.1\r\nho',
      '/i/w1/twilio/stream-ended?stream=1',
      null,
    ],
    [
      'may bring its call as well',
      head('POST /i/w1/twilio/callee HTTP/1.1', 'content-length: 80') + form,
      '/i/w1/twilio/callee',
      callSid,
    ],
    [
      'names its call in the form',
      head('POST /twilio/voice HTTP/1.1', 'content-length: 80') + form,
      '/twilio/voice',
      callSid,
    ],
    ['names its call in the query', `GET /twilio/voice?${form} HTTP/1.1\r\n`, `/twilio/voice?${form}`, callSid],
    [
      'names no call when the form is over',
      head('POST /twilio/status HTTP/1.1', 'Content-Length: 3') + 'a=1',
      '/twilio/status',
      null,
    ],
    ['names no call without a form', head('POST /twilio/status HTTP/1.1'), '/twilio/status', null],
    [
      'names no call when its last chunk is there',
      head('POST /twilio/status HTTP/1.1', 'Transfer-Encoding: chunked') + '3\r\na=1\r\n0\r\n\r\n',
      '/twilio/status',
      null,
    ],
    [
      'waits for nobody who wants to be asked for the form',
      head('POST /twilio/voice HTTP/1.1', 'Expect: 100-continue', 'content-length: 80'),
      '/twilio/voice',
      null,
    ],
    ['needs no form elsewhere', 'GET /readyz HTTP/1.1\r\n', '/readyz', null],
    ['is enough when it is no request', 'hello\r\n', '', null],
    [
      'has a call only in its whole',
      head('POST /twilio/voice HTTP/1.1', 'content-length: 40') + `CallSid=${callSid}0`.padEnd(40),
      '/twilio/voice',
      null,
    ],
  ])('%s', (_what, text, target, ofCall) => {
    expect(readStart(Buffer.from(text))).toEqual({ target, callSid: ofCall });
  });

  test.each([
    ['before the end of its first line', 'POST /i/w1/twilio/stream-end'],
    ['of nothing', ''],
    ['before the end of its head', 'POST /twilio/voice HTTP/1.1\r\ncontent-length: 80\r\n'],
    ['before its form', head('POST /twilio/voice HTTP/1.1', 'content-length: 80')],
    ['in the middle of its form', head('POST /twilio/voice HTTP/1.1', 'content-length: 80') + form.slice(0, 30)],
    ['before its last chunk', head('POST /twilio/voice HTTP/1.1', 'transfer-encoding: chunked') + '3\r\na=1\r\n'],
  ])('is not enough %s', (_what, text) => {
    expect(readStart(Buffer.from(text))).toBeNull();
  });

  test('is enough when it is too long', () => {
    expect(readStart(Buffer.alloc(80 * 1024, 'x'))).toEqual({ target: '', callSid: null });
    const endless = head('POST /twilio/voice HTTP/1.1', 'content-length: 999999') + 'x'.repeat(80 * 1024);
    expect(readStart(Buffer.from(endless))).toEqual({ target: '/twilio/voice', callSid: null });
  });
});
