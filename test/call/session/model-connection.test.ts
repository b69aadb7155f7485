import { describe, expect, test } from 'vitest';
import { usualPatience } from '../../../src/call/call-settings.ts';
import type { CallEffect } from '../../../src/call/effects.ts';
import { type Loss, ModelConnection } from '../../../src/call/session/model-connection.ts';
import { Reaction } from '../../../src/call/reaction.ts';

const behavior = {
  greeting: 'onRequest',
  turnEnd: 'turnCompleted',
  callerAudio: 'unbroken',
  pictures: 'taken',
  turnDetection: 'automatic',
} as const;
const full: Loss = { remedy: 'later', jitter: 1, wasReached: true };
const cut: Loss = { remedy: 'resume', jitter: 1, wasReached: true };

describe('the connection to the model', () => {
  // A setup was answered in the very millisecond in which it was given up, and the answer was taken for that of the next session.
  test('does not open another session within the event at which a setup is given up', () => {
    const { connection, reaction } = opened();
    connection.lost(cut);
    connection.open(null);
    connection.lost(cut);
    expect(reaction.takeDue()).toBeNull();
    expect(connection.opened()).toBe(false);
  });

  test('tries again and again, later each time', () => {
    const { connection, reaction } = opened();
    const waits: (number | null)[] = [];
    for (let loss = 0; loss < 5; loss += 1) {
      waits.push(connection.lost(cut) ? (reaction.nextDeadline?.atMs ?? null) : null);
      if (waits.at(-1) !== null) connection.open(null);
    }
    expect(waits).toEqual([0, 500, 1000, 2000, 3000]);
  });

  test('does not ask a service that has no room again at once', () => {
    const { connection, reaction } = opened();
    const waits: (number | undefined)[] = [];
    for (let loss = 0; loss < 5; loss += 1) {
      connection.lost(full);
      waits.push(reaction.nextDeadline?.atMs);
      connection.open(null);
    }
    expect(waits).toEqual([1000, 1000, 1000, 2000, 3000]);
  });

  test('spreads the tries of many calls between half the wait and all of it', () => {
    expect([0, 0.5, 1].map(secondWait)).toEqual([250, 375, 500]);
  });

  test('begins to count anew when a reply was heard, yet opens no more than twelve sessions for one call', () => {
    const { connection } = opened();
    let losses = 0;
    while (losses < 50 && connection.lost(cut)) {
      losses += 1;
      connection.open(null);
      connection.opened();
      connection.replyHeard();
    }
    expect(losses).toBe(12);
  });

  test('counts sessions that we gave up, but none that had their time', () => {
    const { connection } = opened();
    for (let index = 0; index < 12; index += 1) {
      expect(connection.leave('fresh')).toBe(true);
      connection.open(null);
      connection.opened();
      connection.rotate();
      connection.open(null);
      connection.opened();
    }
    expect(connection.leave('fresh')).toBe(false);
    expect(connection.isOpen).toBe(true);
  });

  test('waits for the answer to a setup and takes it once', () => {
    const { connection, reaction } = opened();
    expect(connection.opened()).toBe(false);
    connection.lost(cut);
    connection.open(null);
    expect(reaction.nextDeadline).toEqual({ name: 'modelOpen', atMs: usualPatience.setupMs });
    expect([connection.opened(), reaction.nextDeadline?.name]).toEqual([true, 'rotation']);
  });
});

describe('the handle', () => {
  test('is what the next session is opened with, after a loss and after a rotation', () => {
    const lost = opened('h1');
    lost.connection.lost(cut);
    expect(handleOf(lost)).toBe('h1');
    const rotated = opened('h1');
    rotated.connection.rotate();
    expect(handleOf(rotated)).toBe('h1');
  });

  test('stays in force while the service has no newer one, but does not cover what happens meanwhile', () => {
    const held = opened('h1');
    expect(held.connection.isKept).toBe(true);
    held.connection.resumptionUpdated(null, false);
    expect(held.connection.isKept).toBe(false);
    held.connection.resumptionUpdated('h2', false);
    held.connection.lost(cut);
    expect(handleOf(held)).toBe('h1');
  });

  test.each([
    ['a fresh session is what helps', { ...cut, remedy: 'fresh' }],
    ['another model takes over', { ...cut, remedy: 'otherModel' }],
  ] as const)('is dropped when %s', (_when, loss) => {
    const session = opened('h1', true);
    session.connection.lost(loss);
    expect(handleOf(session)).toBeNull();
  });

  test('is dropped when a setup with it failed, unless the service never saw it', () => {
    const refused = opened('h1');
    refused.connection.lost(cut);
    refused.connection.open(null);
    refused.connection.lost(cut);
    expect(handleOf(refused)).toBeNull();

    const unreached = opened('h1');
    unreached.connection.lost(cut);
    unreached.connection.open(null);
    unreached.connection.lost({ ...cut, wasReached: false });
    expect(handleOf(unreached)).toBe('h1');
  });

  test('is dropped for a fresh session, and the one after that is resumed with its own', () => {
    const session = opened('h1');
    session.connection.leave('fresh');
    expect(handleOf(session)).toBeNull();
    session.connection.opened();
    session.connection.resumptionUpdated('h2', true);
    session.connection.lost(cut);
    expect(handleOf(session)).toBe('h2');
  });
});

describe('another model', () => {
  test('takes over once, and only where there is one', () => {
    expect(opened().connection.lost({ ...cut, remedy: 'otherModel' })).toBe(false);

    const session = opened(null, true);
    expect(session.connection.lost({ ...cut, remedy: 'otherModel' })).toBe(true);
    session.connection.open(null);
    expect(session.effects().at(-1)).toMatchObject({ type: 'model.open', fallback: true });
    expect(session.connection.lost({ ...cut, remedy: 'otherModel' })).toBe(false);
  });

  test('is sought when the first has no room a second time, and gets no handle of the first', () => {
    const session = opened('h1', true);
    session.connection.lost(full);
    session.connection.open(null);
    expect(session.effects().at(-1)).toMatchObject({ type: 'model.open', handle: 'h1', fallback: false });
    session.connection.lost(full);
    session.connection.open(null);
    expect(session.effects().at(-1)).toMatchObject({ type: 'model.open', handle: null, fallback: true });
  });

  test('is not sought when nothing helps', () => {
    expect(opened('h1', true).connection.lost({ ...cut, remedy: 'none' })).toBe(false);
  });
});

test('a connection is closed once', () => {
  const { connection, reaction } = opened();
  connection.lost(cut);
  expect([connection.close(), connection.close(), connection.isClosed]).toEqual([true, false, true]);
  expect(reaction.nextDeadline).toBeNull();
});

interface Session {
  readonly connection: ModelConnection;
  readonly reaction: Reaction;
  readonly effects: () => readonly CallEffect[];
}

/** A connection whose first session is there, with this handle. */
function opened(handle: string | null = null, hasFallback = false): Session {
  const reaction = new Reaction();
  const model = { first: behavior, fallback: hasFallback ? behavior : null };
  const connection = new ModelConnection({ model, patience: usualPatience, sessionMsMax: 540_000 }, reaction);
  connection.open(null);
  connection.opened();
  if (handle !== null) connection.resumptionUpdated(handle, true);
  return { connection, reaction, effects: () => reaction.effects };
}

/** How long the second try of one loss waits, in ms. */
function secondWait(jitter: number): number | undefined {
  const { connection, reaction } = opened();
  connection.lost(cut);
  connection.open(null);
  connection.lost({ ...cut, jitter });
  return reaction.nextDeadline?.atMs;
}

/** The handle with which the next session is opened. */
function handleOf({ connection, effects }: Session): string | null {
  connection.open(null);
  const last = effects().at(-1);
  return last?.type === 'model.open' ? last.handle : 'no session was opened';
}
