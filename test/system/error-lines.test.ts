import { expect, test } from 'vitest';
import { ParleyError } from '../../src/errors.ts';
import { LogLines } from '../log-lines.ts';

test.for([
  ['of Node', Object.assign(new Error('x'), { code: 'ERR_HTTP2_PING_CANCEL' }), 'ERR_HTTP2_PING_CANCEL'],
  ['of the network', Object.assign(new TypeError('x'), { code: 'ECONNRESET' }), 'ECONNRESET'],
  ['of Twilio', Object.assign(new Error('x'), { code: 21220 }), 21220],
  ['of our own', new ParleyError('log.invalid', 'x'), 'log.invalid'],
] as const)('a line tells the code %s', ([, err, code]) => {
  const log = new LogLines();
  log.logger.error({ err }, 'failed');
  const [line] = log.all;
  expect(line).toMatchObject({
    err: { type: err.constructor.name, code, stack: expect.stringContaining(import.meta.filename) },
  });
});

test.for([
  ['in its code', Object.assign(new Error('x'), { code: 'E_4929123412341234' })],
  ['in a code that is no text', Object.assign(new Error('x'), { code: { card: '4929123412341234' } })],
  ['in its name', Object.assign(new Error('x'), { name: 'Error4929123412341234' })],
  ['in its message', new Error('4929123412341234')],
  ['in a message that looks like a stack', new Error('x\n    at 4929123412341234 Street')],
  ['in its cause', new Error('x', { cause: new Error('4929123412341234') })],
  ['as what was thrown', '4929123412341234'],
] as const)('a line does not tell what an error holds %s', ([, err]) => {
  const log = new LogLines();
  log.logger.error({ err }, 'failed');
  expect(log.all).toHaveLength(1);
  expect(log.text).not.toContain('4929123412341234');
});
