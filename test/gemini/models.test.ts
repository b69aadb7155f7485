import { describe, expect, test } from 'vitest';
import { behaviorOf, judgeModel, modelIds, modelRules, setupRefusals } from '../../src/gemini/models.ts';

const thinking = 'gemini-3.8-live-extended-thinking';
const vertex25 = 'gemini-live-2.5-flash-native-audio';

describe('a model id', () => {
  test.each([
    ['gemini-2.0-flash-live-001', 'was shut down on 2025-12-09'],
    ['gemini-live-2.5-flash-preview', 'was shut down on 2025-12-09'],
    ['gemini-2.5-flash-native-audio-preview-09-2025', 'was shut down on 2026-03-19'],
    ['gemini-2.5-flash-native-audio-preview-12-2025', 'was shut down on 2026-11-17'],
    ['gemini-3.1-flash-live-preview', 'was shut down on 2026-11-17'],
    ['gemini-3.5-live-translate-preview', 'only translates speech and takes no tools'],
    ['gemini-3.5-transcribe-live', 'only writes down what is said'],
  ])('%s is refused on both backends: it %s', (id, reason) => {
    expect(judgeModel(id, 'geminiApi')).toEqual({ kind: 'refused', reason });
    expect(judgeModel(id, 'vertex')).toEqual({ kind: 'refused', reason });
  });

  test('that exists on Vertex AI only is refused with a key', () => {
    expect(judgeModel(vertex25, 'geminiApi')).toEqual({ kind: 'refused', reason: 'exists on Vertex AI only' });
    expect(judgeModel(vertex25, 'vertex').kind).toBe('known');
  });

  test('that nobody knows gets the rules of gemini-3.8-live', () => {
    expect(judgeModel('gemini-4-live', 'geminiApi')).toEqual({
      kind: 'unknown',
      rules: modelRules('gemini-3.8-live'),
    });
    expect(modelRules('gemini-4-live')).toBe(modelRules('gemini-3.8-live'));
  });

  test('is offered where it can be used', () => {
    expect(modelIds('geminiApi')).toEqual(['gemini-3.8-live', thinking]);
    expect(modelIds('vertex')).toEqual(['gemini-3.8-live', thinking, vertex25]);
  });
});

test('the table says how each model greets, ends a turn, and takes tools', () => {
  const table = modelIds('vertex').map((id) => {
    const { behavior, toolBehaviors, takesScheduling, hasCallIds } = modelRules(id);
    const { greeting, turnEnd, callerAudio, pictures } = behavior;
    return [id, greeting, turnEnd, callerAudio, pictures, toolBehaviors.join('+'), takesScheduling, hasCallIds];
  });
  expect(table).toEqual([
    ['gemini-3.8-live', 'onRequest', 'turnCompleted', 'unbroken', 'taken', 'blocking+nonBlocking', true, true],
    [thinking, 'byItself', 'interactionIdle', 'unbroken', 'taken', 'nonBlocking', false, true],
    [vertex25, 'onRequest', 'turnCompleted', 'mayPause', 'taken', '', false, false],
  ]);
});

describe('a field of the setup', () => {
  const all = {
    generationConfig: {
      enableAffectiveDialog: true,
      thinkingConfig: { includeThoughts: true, thinkingBudget: 0 },
      temperature: 1,
    },
    proactivity: { proactiveAudio: true },
    labels: { desk: 'orders' },
    explicitVadSignal: true,
  };

  test.each([
    [
      'gemini-3.8-live',
      'geminiApi',
      [
        'explicitVadSignal',
        'generationConfig.enableAffectiveDialog',
        'generationConfig.thinkingConfig',
        'labels',
        'proactivity',
      ],
    ],
    [
      'gemini-3.8-live',
      'vertex',
      ['generationConfig.enableAffectiveDialog', 'generationConfig.thinkingConfig', 'proactivity'],
    ],
    [
      thinking,
      'vertex',
      ['generationConfig.enableAffectiveDialog', 'generationConfig.thinkingConfig.thinkingBudget', 'proactivity'],
    ],
    [vertex25, 'vertex', []],
  ] as const)('is refused by %s on %s with its path', (id, backend, paths) => {
    expect(
      setupRefusals(all, modelRules(id), backend)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(paths);
  });

  test('may be refused for its value, by one backend', () => {
    const refusals = (
      [
        ['TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO', 'vertex'],
        ['TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO', 'geminiApi'],
        ['TURN_INCLUDES_ALL_INPUT', 'vertex'],
      ] as const
    ).map(([turnCoverage, backend]) =>
      setupRefusals({ realtimeInputConfig: { turnCoverage } }, modelRules('gemini-3.8-live'), backend),
    );
    expect(refusals).toMatchObject([[{ reason: 'refuses the value on Vertex AI' }], [], []]);
  });

  test('that is not there is not refused', () => {
    for (const generationConfig of [{}, null, 'none']) {
      expect(setupRefusals({ generationConfig }, modelRules('gemini-3.8-live'), 'geminiApi')).toEqual([]);
    }
  });
});

test('pictures shorten a session without compression, of a model that takes them', () => {
  const compression = { triggerTokens: 12_000, targetTokens: 6_000 };
  const ofRules = { turnDetection: null };
  expect(behaviorOf('gemini-3.8-live', { ...ofRules, compression })).toEqual(modelRules('gemini-3.8-live').behavior);
  expect(behaviorOf('gemini-3.8-live', { ...ofRules, compression: null })).toMatchObject({
    pictures: 'shortenSession',
  });
});

test('every model is left to detect turns by itself unless that is settled otherwise', () => {
  for (const id of [...modelIds('geminiApi'), ...modelIds('vertex'), 'gemini-4-live']) {
    const compression = null;
    expect(behaviorOf(id, { compression, turnDetection: null }).turnDetection).toBe('automatic');
    expect(behaviorOf(id, { compression, turnDetection: 'manual' }).turnDetection).toBe('manual');
  }
});
