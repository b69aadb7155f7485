import { expect, test } from 'vitest';
import { Feed, type FeedSource, type FeedViewer } from '../../../src/console/live/feed.ts';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import { LogLines } from '../../log-lines.ts';
import { passTime } from '../../virtual-time.ts';

class Counting implements FeedSource {
  asked = 0;
  next: string | null = null;

  snapshot(): string {
    return 'all of it';
  }

  change(): string | null {
    this.asked += 1;
    const change = this.next;
    this.next = null;
    return change;
  }
}

class Noting implements FeedViewer {
  readonly got: string[] = [];
  isClosed = false;

  close(): void {
    this.isClosed = true;
  }

  sendBytes(event: Uint8Array): void {
    this.got.push(new TextDecoder().decode(event).replace(/^event: (\w+)\ndata: (.*)\n\n$/, '$1: $2'));
  }
}

test('a change is asked for once, four times a second, and told to everybody', () => {
  const [clock, source] = [new VirtualClock(0), new Counting()];
  const feed = new Feed(clock, source, new LogLines().logger);
  const viewers = Array.from({ length: 50 }, () => new Noting());
  for (const viewer of viewers) feed.add(viewer);
  source.asked = 0;
  passTime(clock, 500);
  source.next = 'a change';
  passTime(clock, 500);
  expect(source.asked).toBe(4);
  for (const { got } of viewers) expect(got).toEqual(['all: all of it', 'change: a change']);
});

test('nothing is done while nobody looks, and what happened meanwhile is not told twice', () => {
  const [clock, source] = [new VirtualClock(0), new Counting()];
  const feed = new Feed(clock, source, new LogLines().logger);
  const leave = feed.add(new Noting());
  leave();
  source.asked = 0;
  passTime(clock, 10_000);
  expect([source.asked, feed.viewers, clock.nextDueMs]).toEqual([0, 0, null]);
  source.next = 'before';
  const viewer = new Noting();
  feed.add(viewer);
  passTime(clock, 1_000);
  expect(viewer.got).toEqual(['all: all of it']);
});

test('somebody who left gets nothing of a change that is on its way to many', () => {
  const [clock, source] = [new VirtualClock(0), new Counting()];
  const feed = new Feed(clock, source, new LogLines().logger);
  const viewers = Array.from({ length: 20 }, () => new Noting());
  const leaves = viewers.map((viewer) => feed.add(viewer));
  source.next = 'a change';
  passTime(clock, 249);
  clock.moveTo(250);
  clock.fireNext();
  for (const leave of leaves) leave();
  passTime(clock, 1_000);
  expect(viewers.map(({ got }) => got.length)).toEqual(viewers.map((_, at) => (at < 10 ? 2 : 1)));
});

test('a fault of ours sends the viewers away and goes no further', () => {
  const [clock, log] = [new VirtualClock(0), new LogLines()];
  class Broken extends Counting {
    override change(): string | null {
      if (super.change() === 'broken') throw new RangeError('broken');
      return null;
    }
  }
  const source = new Broken();
  const feed = new Feed(clock, source, log.logger);
  const viewer = new Noting();
  feed.add(viewer);
  source.next = 'broken';
  passTime(clock, 250);
  expect(viewer.isClosed).toBe(true);
  expect(log.named('viewerFeedFailed')).toMatchObject([{ level: 'error' }]);
});
