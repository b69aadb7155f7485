import { expect, test } from 'vitest';
import { until } from '../../until.ts';
import { crash, failing, runProgram } from './program.ts';

test.concurrent('a live call goes on after SIGTERM while new ones are refused, and the process ends with it', async (context) => {
  const parley = await runProgram(context, { FALLBACK_DESTINATION: '' });
  const phone = parley.call();
  await parley.logs('streamStarted');
  parley.process.kill('SIGTERM');
  await parley.logs('draining');

  const refused = await parley.call().ended;
  expect(refused).toMatchObject({ endReason: 'rejected', status: 'busy' });
  expect(phone.status).toBe('in-progress');
  const heardBytes = parley.heardBytes();
  await until('the model hears the caller for half a second more', () => parley.heardBytes() > heardBytes + 16_000);
  expect(parley.process.exitCode).toBeNull();

  phone.hangUp();
  expect((await phone.ended).endReason).toBe('callerHungUp');
  expect(await parley.exitCode).toBe(0);
  expect(parley.lines.at(-1)).toMatchObject({ msg: 'stopped', cutOff: 0 });
});

test.concurrent('an exception that nobody catches leaves the live call to the next process, tells no words, and ends with status 1', async (context) => {
  const { lines, exitCode } = await crash(context, 'throw');
  expect(exitCode).toBe(1);
  expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
    {
      msg: 'serviceCrashed',
      fault: 'service.crashed',
      origin: 'uncaughtException',
      err: { type: 'RangeError', stack: expect.anything() },
    },
  ]);
  expect(lines.map(({ msg }) => msg)).toContain('callReleased');
  expect(lines.at(-1)).toMatchObject({ msg: 'stopped' });
  expect(JSON.stringify(lines)).not.toContain('words of a caller');
});

test.concurrent('wrong settings are named, each in one line without the secret, and status 1', async () => {
  const { exitCode, stderr } = await failing({ PORT: 'eighty', AGENT_VOICE: 'Nobody', TWILIO_AUTH_TOKEN: 'two words' });
  expect(exitCode).toBe(1);
  const named = stderr
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect(new Set(named)).toEqual(new Set(['PORT', 'AGENT_VOICE', 'TWILIO_AUTH_TOKEN']));
  expect(named).toHaveLength(3);
  expect(stderr).not.toContain('two words');
});
