import { expect, test } from 'vitest';
import { anyForm, expectUnharmed, passed, type Vector, webhookPaths, withCall } from './attacked-call.ts';
import { forgedWebhooks } from './forged-requests.ts';
import { webhook } from './wire-request.ts';

// `signing.test.ts` has each forgery at one webhook.
test('a forger is kept out of each webhook, whatever is forged', async (context) => {
  const vectors = webhookPaths.flatMap((path) =>
    forgedWebhooks.map(([why, forge]): Vector => [`${path}: ${why}`, forge(webhook(path, anyForm))]),
  );
  expect(vectors.length).toBeGreaterThan(600);
  const call = await withCall(context);
  expect(await passed(call.scene, vectors)).toEqual([]);
  expectUnharmed(call);
});
