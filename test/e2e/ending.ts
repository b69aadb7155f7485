import { afterAll } from 'vitest';

/** With what something ends that is opened for it: a test, a file of tests, or a tool. */
export interface Ending {
  readonly onTestFinished: (close: () => void | Promise<void>) => void;
}

/** For what all tests of a file or a `describe` share: it ends after them, the last opened first. To be called where tests are declared. */
export function endsAfterAll(): Ending {
  const closes: (() => void | Promise<void>)[] = [];
  afterAll(async () => {
    // oxlint-disable-next-line no-await-in-loop -- One may need the one that was opened before it.
    for (const close of closes.toReversed()) await close();
  });
  return { onTestFinished: (close) => void closes.push(close) };
}
