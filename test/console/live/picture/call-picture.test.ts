import { describe, expect, test } from 'vitest';
import type { LiveItem } from '../../../../src/console/live/picture/live-call.ts';
import { Story } from '../../../../src/calllog/story.ts';
import { recordedComfortPrints } from '../../../../src/console/recording/recorded-sounds.ts';
import { mulawCodec } from '../../../../src/sounds/mulaw-codec.ts';
import { recordedFixture } from '../../../calllog/recorded-fixture.ts';
import { LiveScene } from '../recorded-calls.ts';

describe('the picture of a live call', () => {
  test('shows who speaks, and the words as they come', () => {
    const scene = new LiveScene();
    const call = scene.begins('lookup');
    const row = (): object | undefined => scene.calls.live[0]?.row;
    expect(row()).toMatchObject({
      from: '+12025550177',
      stage: 'ringing',
      speaks: 'nobody',
      model: { health: 'none' },
    });
    call.until(({ type }) => type === 'model.agentTranscript');
    expect(row()).toMatchObject({ stage: 'talking', lastWords: { agent: 'These are', caller: '' } });
    call.until((_, effects) => effects.some(({ type }) => type === 'stream.media'));
    expect(row()).toMatchObject({ speaks: 'agent', model: { health: 'live', sessions: 1 } });
    call.until(({ type }) => type === 'model.callerTranscript');
    expect(row()).toMatchObject({ lastWords: { caller: 'A' } });
    expect(scene.calls.find('CA1')?.picture.view().items.at(-1)).toMatchObject({ speaker: 'caller', state: 'open' });
    scene.nowMs += 10_000;
    expect(row()).toMatchObject({ speaks: 'nobody' });
  });

  test('hears the caller speak', () => {
    const scene = new LiveScene();
    scene.begins('lookup').until(({ type, atMs }) => type === 'stream.media' && atMs > 1_800);
    expect(scene.calls.live[0]?.speaks).toBe('caller');
  });

  test('shows a tool while it runs, what it answered, and what the call costs', () => {
    const scene = new LiveScene();
    const call = scene.begins('lookup').until((_, effects) => effects.some(({ type }) => type === 'tool.run'));
    expect(scene.calls.live[0]?.row.tools).toEqual(['lookup_record']);
    call.toTheEnd();
    expect(itemsOf(scene, 'tool')).toMatchObject([
      { name: 'lookup_record', args: '{"query":"A1042"}', state: 'answered', tookMs: 302 },
    ]);
    expect(scene.calls.ended[0]?.row).toMatchObject({ tools: [], costUsd: 0.002889, tokens: 1586, faults: 0 });
  });

  test('shows a failed tool, and one that took too long', () => {
    expect(toolsOf('tool-fails')).toMatchObject([{ state: 'failed' }, { state: 'failed' }]);
    expect(toolsOf('tool-times-out')).toMatchObject([{ state: 'stopped' }]);
  });

  test('shows of an interrupted line what was heard', () => {
    const scene = new LiveScene();
    scene.begins('barge-in').toTheEnd();
    expect(itemsOf(scene, 'words').find((item) => item.kind === 'words' && item.state === 'cut')).toMatchObject({
      speaker: 'agent',
      text: 'These',
      waitMs: 870,
    });
  });

  test('shows no words that come behind an interrupted line', () => {
    const scene = new LiveScene();
    scene.begins('cut-turn-goes-on').until(({ atMs }) => atMs > 5_000);
    expect(itemsOf(scene, 'words').at(-1)).toMatchObject({ speaker: 'agent', text: 'These are', state: 'cut' });
    expect(scene.calls.live[0]?.row.lastWords.agent).toBe('These are');
  });

  test('follows the model session through a loss', () => {
    const scene = new LiveScene();
    const call = scene.begins('model-drops').until(({ type }) => type === 'model.closed');
    const health = (): string | undefined => scene.calls.live[0]?.row.model.health;
    expect(health()).toBe('lost');
    call.until((_, effects) => effects.some(({ type }) => type === 'model.open'));
    expect(health()).toBe('recovering');
    call.until(({ type }) => type === 'model.opened');
    expect(health()).toBe('live');
    call.toTheEnd();
    expect(news(scene)).toContain('The model closed the session (1006).');
    expect(scene.calls.ended[0]?.row).toMatchObject({ faults: 1, model: { health: 'closed', sessions: 2 } });
  });

  test('shows where a transfer goes, and that nobody took it', () => {
    const scene = new LiveScene();
    scene.begins('transfer-busy').toTheEnd();
    expect(news(scene)).toEqual(
      expect.arrayContaining(['support is dialled.', 'Nobody took the transfer: the line was busy.']),
    );
    expect(JSON.stringify(itemsOf(scene, 'news'))).not.toContain('+12025550100');
  });

  test('tells a fault once that comes again and again, and counts it each time', () => {
    const scene = new LiveScene();
    scene.begins('frames-malformed-flood').toTheEnd();
    const told = news(scene).filter((text) => text.includes('(stream.frameNotJson)'));
    expect(told).toHaveLength(1);
    expect(scene.calls.ended[0]?.row.faults).toBeGreaterThan(20);
  });

  test.for([
    ['ended', 'callerHungUp', true],
    ['crashed', 'crashed', false],
    ['released', 'elsewhere', false],
  ] as const)('of a call that its process %s says %s', ([how, outcome, toTheEnd]) => {
    const scene = new LiveScene();
    const call = scene.begins('lookup');
    if (toTheEnd) call.toTheEnd(how);
    else call.until(({ type }) => type === 'model.opened').leaves(how);
    expect(scene.calls.live).toEqual([]);
    expect(scene.calls.ended[0]?.row).toMatchObject({ stage: 'ended', speaks: 'nobody', end: { outcome } });
    expect(scene.calls.day).toMatchObject({ calls: 1, byOutcome: { [outcome]: 1 } });
  });

  test.for(['lookup', 'barge-in', 'no-answer-until-fresh', 'answer-behind-reply', 'stream-lost'])(
    'measures the waits of %s as its story does',
    (name) => {
      const scene = new LiveScene();
      scene.begins(name).toTheEnd();
      const record = recordedFixture(name);
      const story = new Story(mulawCodec, recordedComfortPrints(record.header));
      for (const { event, effects } of record.steps) story.take(event, effects);
      expect(story.waitsMs.length).toBeGreaterThan(0);
      expect(scene.calls.ended[0]?.row.waitsMs).toEqual(story.waitsMs.slice(-12));
    },
  );
});

function itemsOf(scene: LiveScene, kind: LiveItem['kind']): readonly LiveItem[] {
  return (
    scene.calls
      .find('CA1')
      ?.picture.view()
      .items.filter((item) => item.kind === kind) ?? []
  );
}

function news(scene: LiveScene): readonly string[] {
  return itemsOf(scene, 'news').flatMap((item) => (item.kind === 'news' ? [item.text] : []));
}

function toolsOf(name: string): readonly LiveItem[] {
  const scene = new LiveScene();
  scene.begins(name).toTheEnd();
  return itemsOf(scene, 'tool');
}
