import { expect, test } from 'vitest';
import { allQuestions } from '../../../src/cli/probe/questions.ts';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import { askAll, faithful, instruction, seen, simulatedService } from './probe-scene.ts';

const ids = allQuestions.map(({ id }) => id);

test('every question is answered, and a service that does what Parley relies on differs in nothing', async (context) => {
  const model = await simulatedService(context, (setup) => ({
    ...faithful,
    // Those with the agent's own instruction live for as long as the other questions take.
    ...(setup.systemInstruction?.parts?.[0]?.text === instruction ? { lifeMs: 20_000, goAwayMs: 5_000 } : {}),
  }));
  const answers = await askAll(model.url, ids, { pace: 5 });

  expect(answers.map(({ question }) => question.id).toSorted()).toEqual(ids.toSorted());
  expect(answers.filter(({ outcome }) => outcome !== 'answered')).toEqual([]);
  const differing = answers.flatMap(({ findings }) => findings.filter(({ agrees }) => agrees === false));
  expect(differing).toEqual([]);
  expect(seen(answers)).toMatchObject({
    'going-away': {
      goAway: expect.stringContaining('{"timeLeft":"5s"}'),
      end: expect.stringContaining('1011 "Deadline expired before operation could complete."'),
      'the last handle behind the end': 'taken',
    },
    refusals: {
      'a wrong key': '1007 "API key not valid. Please pass a valid API key."',
      'an unknown field': expect.stringContaining('Unknown name "parleyProbe"'),
      'version v1 of the interface': 'taken',
      'no compression and no resumption': 'taken',
    },
    handles: { 'after a setup with it was refused': 'taken' },
    'short-answers': { '40 ms': expect.stringMatching(/^heard ".*", said "Yes\."$/) },
    'silent-answer': { 'SILENT, in 8 s': 'nothing', 'without scheduling, in 8 s': expect.stringContaining('spoke') },
    'pending-call': { 'blocking, cancelled': 'yes', 'nonBlocking, cancelled': 'no' },
    'compression-trigger': { 'trigger 4999': expect.stringContaining('refused: 1007'), 'trigger 5000': 'taken' },
    'interaction-status': {
      'order with a tool call': expect.stringMatching(
        /turnComplete \+ interactionStatus IN_PROGRESS.*toolCall.*interactionStatus IDLE/,
      ),
      place: expect.stringMatching(/^\d inside serverContent, 0 beside it$/),
    },
    'schema-fields': {
      'as Parley declares it': expect.stringContaining('called look_up_order'),
      parametersJsonSchema: expect.stringContaining('not called; said'),
      both: expect.stringContaining('refused: 1007'),
      'parameters with additionalProperties': expect.stringContaining('Unknown name "additionalProperties"'),
    },
    'audio-stream-end': { 'audioStreamEnd: answer within 6 s': 'none', 'audioStreamEnd, then silence flows': '"Yes."' },
    'manual-activity': { 'activityStart in mid-generation': expect.stringContaining('interrupted') },
  });
});

test.concurrent.for<[string, ScriptInput['turns'][number]['steps'], string]>([
  ['drops each session in its first turn', [{ say: 'beep' }, { drop: true }], '1006'],
  [
    'sends what nobody can read, and closes',
    [{ sendText: 'no JSON' }, { send: {} }, { close: 'internalError' }],
    '1011',
  ],
  ['sends more than it may', [{ excess: 'messages', count: 100_000 }], 'cut: tooManyMessages'],
])('every question comes to an end with a service that %s', async ([, steps, end], context) => {
  const model = await simulatedService(context, { ...faithful, replies: [], turns: [{ steps }] });
  const answers = await askAll(model.url, ids, { pace: 20 });
  expect(answers.filter(({ outcome }) => outcome === 'skipped')).toEqual([]);
  const open = answers.filter(({ outcome }) => outcome === 'open').map(({ question, why }) => [question.id, why]);
  expect(open).toContainEqual(['usage-of-turns', expect.stringContaining(end)]);
  expect(open).toContainEqual(['going-away', expect.stringContaining(end)]);
});
