import { setTimeout as delay } from 'node:timers/promises';

/** Nothing that a test waits for takes this long; a machine that is busy with other work may. */
const waitMsMax = 90_000;

const lookMs = 5;

type Maybe<Value> = Value | null | undefined | false;

/** Waits for what only the other side of a socket can bring. When it does not come, the test fails with the words of `what`. */
export async function until<Value>(
  what: string,
  find: () => Maybe<Value> | Promise<Maybe<Value>>,
  msMax = waitMsMax,
): Promise<Value> {
  const untilMs = performance.now() + msMax;
  for (;;) {
    const found = await find();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > untilMs) throw new Error(`Waited in vain: ${what}`);
    await delay(lookMs);
  }
}
