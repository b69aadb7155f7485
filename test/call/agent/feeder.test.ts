import { expect, test } from 'vitest';
import { Feeder } from '../../../src/call/agent/feeder.ts';
import { ModelTurn } from '../../../src/call/agent/model-turn.ts';
import { Reaction } from '../../../src/call/reaction.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { FeederScene, soundFrom } from './feeder-scene.ts';

const bytesPerMs = 8;

test('a long reply goes out with a bounded lead, in five writes a second, and is heard whole', () => {
  const scene = new FeederScene(20).says(soundFrom(10_000)).ends();
  expect(scene.feeder.tally).toMatchObject({ sent: 740 * bytesPerMs, queued: 9_260 * bytesPerMs });
  scene.passes(10_100);
  expect(scene.heard).toEqual([...soundFrom(10_000)]);
  expect(scene.network.gapsMs).toBe(0);
  expect(scene.network.aheadMsMax).toBeLessThanOrEqual(740);
  expect(scene.writes).toBeLessThanOrEqual(50);
  expect(scene.feeder.isSilent).toBe(true);
});

test('where no frame of the caller comes, a timer feeds', () => {
  const scene = new FeederScene(20).says(soundFrom(5_000)).ends().passes(5_100, 100_000);
  expect(scene.heard).toEqual([...soundFrom(5_000)]);
  expect(scene.network.gapsMs).toBe(0);
});

test('the first words of a reply wait for nothing, and short messages are joined', () => {
  const scene = new FeederScene().says(soundFrom(40));
  expect(scene.writes).toBe(1);
  for (let saidMs = 40; saidMs < 1_000; saidMs += 40) scene.passes(13).says(soundFrom(40, saidMs));
  scene.ends().passes(1_000);
  expect(scene.heard).toEqual([...soundFrom(1_000)]);
  expect(scene.network.gapsMs).toBe(0);
  expect(scene.writes).toBeLessThanOrEqual(12);
});

test('a reply does not begin while the caller speaks', () => {
  const scene = new FeederScene(20).callerIs('speaks').says(soundFrom(1_000)).ends();
  expect(scene.passes(600).writes).toBe(0);
  scene.callerIs('pauses').passes(1_100);
  expect(scene.heard).toEqual([...soundFrom(1_000)]);
  expect(scene.network.gapsMs).toBe(0);
});

test('it waits for a bounded time, also where no frame of the caller comes', () => {
  const scene = new FeederScene(20).callerIs('speaks').says(soundFrom(1_000)).ends();
  expect(scene.passes(2_400, 100_000).writes).toBe(0);
  expect(scene.passes(200, 100_000).writes).toBeGreaterThan(0);
});

test('a reply that has begun does not wait', () => {
  const scene = new FeederScene(20).says(soundFrom(100)).callerIs('speaks');
  scene.passes(40).says(soundFrom(900, 100)).ends().passes(1_100);
  expect(scene.heard).toEqual([...soundFrom(1_000)]);
  expect(scene.network.gapsMs).toBe(0);
});

test('what waited and was cut is not heard, and the next reply begins beside a voice that goes on', () => {
  const scene = new FeederScene(20).callerIs('speaks').says(soundFrom(1_000)).passes(2_000);
  scene.does(() => scene.feeder.cut()).does(() => scene.feeder.replies.begin());
  scene.callerIs('pauses').callerIs('speaks').says(soundFrom(500)).ends().passes(600);
  expect(scene.heard).toEqual([...soundFrom(500)]);
});

test('so does the next after one that has waited as long as can be', () => {
  const scene = new FeederScene(20).callerIs('speaks').says(soundFrom(500)).ends().passes(3_200);
  expect(scene.heard).toEqual([...soundFrom(500)]);
  scene
    .does(() => scene.feeder.replies.begin())
    .says(soundFrom(500))
    .ends()
    .passes(600);
  expect(scene.heard).toHaveLength(2 * soundFrom(500).length);
});

test('a reply waits again once the caller was silent', () => {
  const scene = new FeederScene(20).callerIs('speaks').says(soundFrom(1_000)).passes(2_000);
  scene.does(() => scene.feeder.cut()).does(() => scene.feeder.replies.begin());
  scene.callerIs('isSilent').callerIs('speaks').says(soundFrom(500)).ends().passes(1_000);
  expect(scene.writes).toBe(0);
});

test('a reply that goes on after a gap does not wait', () => {
  const scene = new FeederScene(20).says(soundFrom(200)).passes(400).callerIs('speaks');
  scene.says(soundFrom(300, 200)).ends().passes(400);
  expect(scene.heard).toEqual([...soundFrom(500)]);
});

test('a reply behind one that is still heard does not wait', () => {
  const scene = new FeederScene(20).says(soundFrom(1_000)).ends().passes(900).callerIs('speaks');
  scene
    .does(() => scene.feeder.replies.end())
    .says(soundFrom(500))
    .ends()
    .passes(700);
  expect(scene.heard).toHaveLength(2 * soundFrom(750).length);
  expect(scene.network.gapsMs).toBe(0);
});

test('a voice that comes in crumbs, no faster than it is heard, goes out in frames at least', () => {
  const scene = new FeederScene(20);
  for (let saidMs = 0; saidMs < 2_000; saidMs++) scene.says(soundFrom(1, saidMs)).passes(1);
  expect(scene.writes).toBeLessThanOrEqual(2_000 / 20 + 2);
  // What is left when the model stands still is heard although nothing comes behind it.
  scene.says(soundFrom(1, 2_000)).passes(100);
  expect(scene.heard).toEqual([...soundFrom(2_001)]);
  expect(scene.feeder.isSilent).toBe(true);
});

test('the heard position is right to the millisecond on a way that takes its time', () => {
  const scene = new FeederScene(35).says(soundFrom(3_000)).ends().passes(2_000, 20);
  for (let step = 0; step < 7; step++) {
    // To a frame of the caller, which tells the time.
    scene.passes(140);
    const heardMs = scene.feeder.tally.heardNow / bytesPerMs;
    expect(Math.abs(heardMs - scene.heard.length / bytesPerMs)).toBeLessThanOrEqual(1);
    expect([...scene.feeder.heardNow]).toEqual([...soundFrom(20, Math.round(heardMs))]);
  }
});

test('softer is heard at once, without a gap, a word that is lost or one that is said twice', () => {
  const scene = new FeederScene(20).says(soundFrom(3_000)).ends().passes(1_000);
  const louder = scene.heard.length;
  scene.does(() => scene.feeder.soften(12)).passes(500);
  scene.does(() => scene.feeder.soften(0)).passes(2_000);
  expect(scene.clears).toBe(2);
  expect(scene.heard).toHaveLength(3_000 * bytesPerMs);
  expect(scene.network.gapsMs).toBe(0);
  const said = [...soundFrom(3_000)];
  const soft = scene.heard.flatMap((code, at) => (code === said[at] ? [] : [at]));
  expect(soft[0]).toBeGreaterThanOrEqual(louder);
  expect((soft[0] ?? 0) - louder).toBeLessThan(60 * bytesPerMs);
  expect((soft.at(-1) ?? 0) - (soft[0] ?? 0)).toBeLessThanOrEqual(510 * bytesPerMs);
  expect(levelOf(scene.heard.slice(soft[0], soft.at(-1))) / levelOf(said.slice(soft[0], soft.at(-1)))).toBeCloseTo(
    10 ** (-12 / 20),
    1,
  );
});

test('what is cut was cleared as far as it was sent, and dropped as far as it was not', () => {
  const scene = new FeederScene(20).says(soundFrom(5_000)).passes(1_000);
  scene.does(() => scene.feeder.soften(12));
  scene.does(() => void scene.feeder.cut());
  const { sent, heard, cleared, waiting, queued, dropped } = scene.feeder.tally;
  expect([waiting, queued]).toEqual([0, 0]);
  expect(sent).toBe(heard + cleared);
  scene.passes(100);
  expect(scene.heard).toHaveLength(heard);
  expect(scene.feeder.replies.position).toEqual({ sentMs: 5_000, heardMs: heard / bytesPerMs });
  expect(heard + dropped).toBeLessThan(5_000 * bytesPerMs);
  // The next reply is as loud as ever.
  scene
    .passes(1_000)
    .does(() => scene.feeder.replies.begin())
    .says(soundFrom(100))
    .ends()
    .passes(200);
  expect(scene.heard.slice(heard)).toEqual([...soundFrom(100)]);
  // And it can be softened like any other.
  scene.says(soundFrom(1_000)).passes(100);
  const { clears } = scene;
  scene.does(() => scene.feeder.soften(12));
  expect(scene.clears).toBe(clears + 1);
});

test('what is cut in the second of two replies was heard of that, though its marks are still on their way', () => {
  const scene = new FeederScene(200).says(soundFrom(1_000)).ends();
  scene
    .does(() => void scene.feeder.replies.end())
    .says(soundFrom(2_000, 1_000))
    .passes(1_500);
  scene.does(() => void scene.feeder.cut());
  const { isBehind, position } = scene.feeder.replies;
  expect([isBehind, position.sentMs]).toEqual([false, 2_000]);
  expect(position.heardMs).toBeLessThan(600);
});

test('a process that stood still sends further ahead, and less so with time', () => {
  const scene = new FeederScene().says(soundFrom(200_000)).ends().passes(200);
  scene.network.nowMs += 500;
  scene.passes(1).passes(500);
  expect(scene.network.aheadMsMax).toBeGreaterThan(1_000);
  expect(scene.network.aheadMsMax).toBeLessThan(1_300);
  scene.passes(60_000);
  scene.network.aheadMsMax = 0;
  scene.passes(500);
  expect(scene.network.aheadMsMax).toBeLessThanOrEqual(740);
});

test('no more than five minutes wait, and half a minute before there is a stream', () => {
  const scene = new FeederScene().says(soundFrom(310_000)).says(soundFrom(300_000)).says(soundFrom(1_000));
  expect(scene.feeder.tally).toMatchObject({ dropped: 311_000 * bytesPerMs });
  const reaction = new Reaction();
  const early = new Feeder(mulawCodec, new ModelTurn(reaction), reaction);
  early.say(soundFrom(31_000));
  early.say(soundFrom(30_000));
  expect(early.tally).toMatchObject({ queued: 30_000 * bytesPerMs, dropped: 31_000 * bytesPerMs, sent: 0 });
});

test('after a line has stood still, nothing is lost, and no more is ahead than the lead', () => {
  const scene = new FeederScene(20).says(soundFrom(4_000)).ends().passes(1_000);
  scene.network.standStill(500);
  scene.passes(4_000);
  expect(scene.heard).toEqual([...soundFrom(4_000)]);
  expect(scene.network.gapsMs).toBe(0);
  expect(scene.network.aheadMsMax).toBeLessThanOrEqual(740 + 500 + 20);
});

function levelOf(codes: readonly number[]): number {
  return codes.reduce((sum, code) => sum + Math.abs(mulawCodec.decode[code] ?? 0), 0);
}
