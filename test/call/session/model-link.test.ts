import { describe, expect, test } from 'vitest';
import type { CallEffect } from '../../../src/call/effects.ts';
import { type Loss, ModelLink } from '../../../src/call/session/model-link.ts';
import { Reaction } from '../../../src/call/reaction.ts';

const setupMsMax = 4_000;
const cut: Loss = { remedy: 'resume', jitter: 1, wasReached: true };

describe('the line to the model', () => {
  // A setup was answered in the very millisecond in which it was given up, and the answer was taken for that of the next session.
  test('does not open another session within the event at which a setup is given up', () => {
    const { link, reaction } = opened();
    link.lost(cut);
    link.open(null);
    link.lost(cut);
    expect(reaction.takeDue()).toBeNull();
    expect(link.opened()).toBe(false);
  });

  test('tries again and again, later each time', () => {
    const { link, reaction } = opened();
    const waits: (number | null)[] = [];
    for (let loss = 0; loss < 5; loss += 1) {
      waits.push(link.lost(cut) ? (reaction.nextDeadline?.atMs ?? null) : null);
      if (waits.at(-1) !== null) link.open(null);
    }
    expect(waits).toEqual([0, 500, 1000, 2000, 3000]);
  });

  test('spreads the tries of many calls between half the wait and all of it', () => {
    expect([0, 0.5, 1].map(secondWait)).toEqual([250, 375, 500]);
  });

  test('begins to count anew when a reply was heard, yet opens no more than twelve sessions for one call', () => {
    const { link } = opened();
    let losses = 0;
    while (losses < 50 && link.lost(cut)) {
      losses += 1;
      link.open(null);
      link.opened();
      link.proved();
    }
    expect(losses).toBe(12);
  });

  test('counts sessions that we gave up, but none that had their time', () => {
    const { link } = opened();
    for (let index = 0; index < 12; index += 1) {
      expect(link.leave('fresh')).toBe(true);
      link.open(null);
      link.opened();
      link.rotate();
      link.open(null);
      link.opened();
    }
    expect(link.leave('fresh')).toBe(false);
    expect(link.isOpen).toBe(true);
  });

  test('waits for the answer to a setup and takes it once', () => {
    const { link, reaction } = opened();
    expect(link.opened()).toBe(false);
    link.lost(cut);
    link.open(null);
    expect(reaction.nextDeadline).toEqual({ name: 'modelOpen', atMs: setupMsMax });
    expect([link.opened(), reaction.nextDeadline]).toEqual([true, null]);
  });
});

describe('the handle', () => {
  test('is what the next session is opened with, after a loss and after a rotation', () => {
    const lost = opened('h1');
    lost.link.lost(cut);
    expect(handleOf(lost)).toBe('h1');
    const rotated = opened('h1');
    rotated.link.rotate();
    expect(handleOf(rotated)).toBe('h1');
  });

  test('stays in force while the service has no newer one, but does not cover what happens meanwhile', () => {
    const held = opened('h1');
    expect(held.link.isCovered).toBe(true);
    held.link.resumptionUpdated(null, false);
    expect([held.link.isCovered, held.link.hasHandle]).toEqual([false, true]);
    held.link.resumptionUpdated('h2', false);
    held.link.lost(cut);
    expect(handleOf(held)).toBe('h1');
  });

  test.each([
    ['a fresh session is what helps', { ...cut, remedy: 'fresh' }],
    ['another model takes over', { ...cut, remedy: 'otherModel' }],
  ] as const)('is dropped when %s', (_when, loss) => {
    const session = opened('h1', true);
    session.link.lost(loss);
    expect(handleOf(session)).toBeNull();
  });

  test('is dropped when a setup with it failed, unless the service never saw it', () => {
    const refused = opened('h1');
    refused.link.lost(cut);
    refused.link.open(null);
    refused.link.lost(cut);
    expect(handleOf(refused)).toBeNull();

    const unreached = opened('h1');
    unreached.link.lost(cut);
    unreached.link.open(null);
    unreached.link.lost({ ...cut, wasReached: false });
    expect(handleOf(unreached)).toBe('h1');
  });

  test('is dropped for a fresh session, and the one after that is resumed with its own', () => {
    const session = opened('h1');
    session.link.leave('fresh');
    expect(handleOf(session)).toBeNull();
    session.link.opened();
    session.link.resumptionUpdated('h2', true);
    session.link.lost(cut);
    expect(handleOf(session)).toBe('h2');
  });
});

describe('another model', () => {
  test('takes over once, and only where there is one', () => {
    expect(opened().link.lost({ ...cut, remedy: 'otherModel' })).toBe(false);

    const session = opened(null, true);
    expect(session.link.lost({ ...cut, remedy: 'otherModel' })).toBe(true);
    session.link.open(null);
    expect(session.effects().at(-1)).toMatchObject({ type: 'model.open', fallback: true });
    expect(session.link.lost({ ...cut, remedy: 'otherModel' })).toBe(false);
  });

  test('is not sought when nothing helps', () => {
    expect(opened('h1', true).link.lost({ ...cut, remedy: 'none' })).toBe(false);
  });
});

test('a line is closed once', () => {
  const { link, reaction } = opened();
  link.lost(cut);
  expect([link.close(), link.close(), link.isClosed]).toEqual([true, false, true]);
  expect(reaction.nextDeadline).toBeNull();
});

interface Session {
  readonly link: ModelLink;
  readonly reaction: Reaction;
  readonly effects: () => readonly CallEffect[];
}

/** A line whose first session is there, with this handle. */
function opened(handle: string | null = null, hasFallback = false): Session {
  const reaction = new Reaction();
  const link = new ModelLink(reaction, setupMsMax, hasFallback);
  link.open(null);
  link.opened();
  if (handle !== null) link.resumptionUpdated(handle, true);
  return { link, reaction, effects: () => reaction.effects };
}

/** How long the second try of one loss waits, in ms. */
function secondWait(jitter: number): number | undefined {
  const { link, reaction } = opened();
  link.lost(cut);
  link.open(null);
  link.lost({ ...cut, jitter });
  return reaction.nextDeadline?.atMs;
}

/** The handle with which the next session is opened. */
function handleOf({ link, effects }: Session): string | null {
  link.open(null);
  const last = effects().at(-1);
  return last?.type === 'model.open' ? last.handle : 'no session was opened';
}
