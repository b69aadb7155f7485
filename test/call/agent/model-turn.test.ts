import { describe, expect, test } from 'vitest';
import { ModelTurn } from '../../../src/call/agent/model-turn.ts';
import { Reaction } from '../../../src/call/reaction.ts';

const sentence = 'Your order is on its way to you.';

describe('audio of the model', () => {
  test('begins a reply, goes on with it, and after its end begins the next one', () => {
    const { turn } = begun();
    expect([turn.audioArrived(), turn.audioArrived()]).toEqual(['first', 'more']);
    expect([turn.generationCompleted(), turn.turnCompleted()]).toEqual([true, false]);
    expect(turn.audioArrived()).toBe('first');
  });

  test('is late for 400 ms after an interruption, behind the end of the interrupted turn too when the caller speaks', () => {
    const { turn, reaction } = begun();
    turn.audioArrived();
    turn.interrupted();
    expect([turn.isGenerating, turn.audioArrived()]).toEqual([false, 'late']);
    reaction.begin({ type: 'tick', atMs: 400 });
    expect(turn.audioArrived()).toBe('first');
    turn.interrupted();
    expect(turn.turnCompleted()).toBe(false);
    expect([turn.isOpen, turn.audioArrived()]).toEqual([false, 'first']);
    turn.callerSpeaks(true);
    turn.interrupted();
    expect(turn.turnCompleted()).toBe(false);
    expect([turn.isOpen, turn.audioArrived()]).toEqual([false, 'late']);
    turn.callerSpeaks(false);
    reaction.begin({ type: 'tick', atMs: 800 });
    expect(turn.audioArrived()).toBe('first');
  });

  test('is late when the turn was cut and the model does not know, until it says that it is over', () => {
    const { turn } = begun();
    turn.audioArrived();
    turn.callerSpeaks(true);
    turn.cut();
    expect([turn.isOpen, turn.isGenerating, turn.audioArrived()]).toEqual([true, false, 'late']);
    expect(turn.turnCompleted()).toBe(false);
    expect([turn.isOpen, turn.audioArrived()]).toEqual([false, 'first']);
  });

  test('of a turn that broke off by mistake is heard, and the rest is a reply of its own', () => {
    const { turn, reaction } = begun();
    expect(turn.brokeOff()).toBe(false);
    turn.audioArrived();
    turn.soundCame(true, 100);
    expect([turn.brokeOff(), turn.isGenerated, turn.isOpen, turn.isAudible]).toEqual([true, true, false, true]);
    expect(turn.judge('turnCompleted')).toBe(null);
    reaction.begin({ type: 'tick', atMs: 400 });
    expect(turn.audioArrived()).toBe('first');
  });

  test('is not late when we stopped a reply that was generated already', () => {
    const { turn } = begun();
    turn.audioArrived();
    turn.generationCompleted();
    turn.stopped();
    expect(turn.audioArrived()).toBe('first');
  });

  test('is inaudible when more than a second of it was too soft, and never after something was heard', () => {
    const { turn } = begun();
    turn.soundCame(false, 1000);
    expect(turn.isInaudible).toBe(false);
    turn.soundCame(false, 1);
    expect(turn.isInaudible).toBe(true);
    turn.soundCame(true, 20);
    turn.soundCame(false, 2000);
    expect([turn.isAudible, turn.isInaudible]).toEqual([true, false]);
  });
});

describe('a turn that is over', () => {
  test.for<[brought: string, fault: string | null, bring: (turn: ModelTurn) => void]>([
    ['nothing', 'silentTurn', () => {}],
    ['words without a sound', 'textOnlyTurn', (turn) => turn.wordsCame('Hello.')],
    ['a sound that nobody hears', 'inaudibleTurn', (turn) => turn.audioArrived()],
    ['a tool call', null, (turn) => turn.mayBeSilent()],
    ['a sound', null, (turn) => turn.soundCame(true, 20)],
  ])('and brought %s is judged as %s', ([, fault, bring]) => {
    const { turn } = begun();
    bring(turn);
    expect(turn.judge('turnCompleted')).toBe(fault);
  });

  test('was stopped, or broke off, is not judged by what had not been heard yet', () => {
    for (const stop of [
      (turn: ModelTurn) => turn.stopped(),
      (turn: ModelTurn) => turn.cut(),
      (turn: ModelTurn) => turn.interrupted(),
    ]) {
      const { turn } = begun();
      turn.audioArrived();
      turn.soundCame(true, 20);
      turn.generationCompleted();
      stop(turn);
      expect([turn.isAudible, turn.judge('turnCompleted')]).toEqual([false, null]);
    }
    const { turn } = begun();
    turn.audioArrived();
    turn.brokeOff();
    expect(turn.judge('turnCompleted')).toBeNull();
  });

  test('has nothing to do with what the next session says, be it interrupted', () => {
    const { turn } = begun();
    turn.audioArrived();
    turn.interrupted();
    turn.sessionLost();
    expect(turn.audioArrived()).toBe('first');
  });

  test('is judged when the model has stopped working, if only that ends its turns', () => {
    const { turn } = begun();
    turn.workChanged(true);
    expect([turn.judge('interactionIdle'), turn.judge('interactionIdle')]).toEqual([null, null]);
    expect(turn.workChanged(false)).toBe('silentTurn');
  });

  test('is judged by itself in a session that follows one that worked', () => {
    const { turn } = begun();
    turn.workChanged(true);
    turn.sessionLost();
    expect(turn.judge('interactionIdle')).toBe('silentTurn');
  });

  test('is fine if one of the turns of a model that works in the background was heard', () => {
    const { turn } = begun();
    turn.workChanged(true);
    turn.soundCame(true, 20);
    turn.judge('interactionIdle');
    turn.judge('interactionIdle');
    expect(turn.workChanged(false)).toBeNull();
  });
});

describe('the words of a turn', () => {
  test('are a repetition when they are those of the turn before', () => {
    const turn = said(sentence);
    expect([turn.wordsCame(sentence.slice(0, 20)), turn.wordsCame(sentence.slice(20))]).toEqual([false, true]);
    expect(turn.isRepeat).toBe(true);
    turn.judge('turnCompleted');
    expect(turn.isRepeat).toBe(false);
  });

  test('may be the same again when the caller has said something, and when they are short', () => {
    const turn = said(sentence);
    turn.mayRepeat();
    expect(turn.wordsCame(sentence)).toBe(false);
    expect(said('One moment, please.').wordsCame('One moment, please.')).toBe(false);
  });
});

function begun(): { turn: ModelTurn; reaction: Reaction } {
  const reaction = new Reaction();
  return { turn: new ModelTurn(reaction), reaction };
}

/** A turn that follows one in which these words were heard. */
function said(words: string): ModelTurn {
  const { turn } = begun();
  turn.wordsCame(words);
  turn.soundCame(true, 1000);
  turn.judge('turnCompleted');
  return turn;
}
