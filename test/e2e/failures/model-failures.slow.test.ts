import { describe, expect, test } from 'vitest';
import { fallback } from '../service-scene.ts';
import { apologised, callWithout, modelsThatGoAgain, modelsThatNeverCome } from './lost-models.ts';

describe.concurrent.for([...modelsThatNeverCome, ...modelsThatGoAgain])('when the model %s', (model) => {
  test('the caller hears the apology and a goodbye where there is no human', async (context) => {
    const call = await callWithout(context, model, { FALLBACK_DESTINATION: '' });
    expect(call).toEqual(apologised(model, null));
  });
});

describe.concurrent.for(modelsThatGoAgain)('when each session of the model %s', (model) => {
  test('the caller hears the apology and is connected with a human', async (context) => {
    expect(await callWithout(context, model)).toEqual(apologised(model, fallback));
  });
});
