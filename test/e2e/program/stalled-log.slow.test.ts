import { expect, test } from 'vitest';
import type { Pipe } from '../../pipe.ts';
import { runStalled } from './stalled-program.ts';

test.for([
  ['stalls', (pipe: Pipe) => pipe.fill()],
  ['is gone', (pipe: Pipe) => pipe.stopReading()],
] as const)(
  'a call goes on and the process ends with 0 when the reader of the log %s',
  async ([, trouble], context) => {
    const parley = await runStalled(context);
    trouble(parley.pipe);
    const phone = parley.call();
    await parley.hearsTheCaller();
    phone.hangUp();
    expect((await phone.ended).endReason).toBe('callerHungUp');
    parley.stop();
    expect(await parley.exitCode).toBe(0);
  },
);
