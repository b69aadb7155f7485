import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { timerNames, Timers } from '../../src/call/timers.ts';

const core = fileURLToPath(new URL('../../src/call', import.meta.url));
const sources = readdirSync(core, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(core, path), 'utf8') }));

const declaration = readFileSync(join(core, 'timers.ts'), 'utf8');

describe('every deadline', () => {
  test.each(timerNames)('%s is set and cleared by the one owner that its comment names', (name) => {
    const owner = new RegExp(`/\\*\\* \`([\\w/-]+\\.ts)\`: [^\\n]+ \\*/\\n {2}'${name}',`).exec(declaration)?.[1];
    const sets = new RegExp(`\\b(?:wait|waitUntil)\\('${name}'`);
    const touches = new RegExp(`\\b(?:wait|waitUntil|stopWaiting)\\([^)]*'${name}'`);
    expect(sources.filter(({ text }) => sets.test(text)).map(({ path }) => path)).toEqual([owner]);
    expect(sources.filter(({ text }) => touches.test(text)).map(({ path }) => path)).toEqual([owner]);
  });
});

describe('the deadlines of a call', () => {
  test('are taken out one by one once they are due, the earliest first', () => {
    const timers = new Timers();
    timers.set('comfort', 300);
    timers.set('idle', 100);
    timers.set('tool', 200);
    expect(timers.next()).toEqual({ name: 'idle', atMs: 100 });
    expect(timers.takeDue(99)).toBeNull();
    expect([timers.takeDue(250), timers.takeDue(250), timers.takeDue(250)]).toEqual(['idle', 'tool', null]);
    timers.clear('comfort');
    expect([timers.next(), timers.takeDue(1_000)]).toEqual([null, null]);
  });

  test('are never earlier than what is said without looking, wherever they are moved', () => {
    const timers = new Timers();
    timers.set('callerSilence', 100);
    timers.set('idle', 5_000);
    expect([timers.next()?.atMs, timers.soonestMs]).toEqual([100, 100]);
    // Each frame puts it off.
    timers.set('callerSilence', 120);
    expect([timers.takeDue(99), timers.soonestMs]).toEqual([null, 100]);
    expect([timers.takeDue(100), timers.soonestMs]).toEqual([null, 120]);
    timers.set('feed', 50);
    expect([timers.soonestMs, timers.next()?.name]).toEqual([50, 'feed']);
    timers.set('feed', Infinity);
    expect(timers.takeDue(130)).toBe('callerSilence');
    timers.clearAll();
    expect([timers.next(), timers.soonestMs]).toEqual([null, -Infinity]);
  });
});
