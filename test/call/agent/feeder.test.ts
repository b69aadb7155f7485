import { expect, test } from 'vitest';
import { Feeder } from '../../../src/call/agent/feeder.ts';
import { ModelTurn } from '../../../src/call/agent/model-turn.ts';
import { Reaction } from '../../../src/call/reaction.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';

const bytesPerMs = 8;

/** A feeder, and a phone network that is `wayMs` away in each direction and plays what it is sent. */
class Scene {
  readonly reaction = new Reaction();
  readonly turn = new ModelTurn(this.reaction);
  readonly feeder = new Feeder(mulawCodec, this.turn, this.reaction);
  readonly #wayMs: number;
  /** Messages on their way: to the network when `toUs` is false. */
  #onWay: { atMs: number; toUs: boolean; mark?: string; audio?: Uint8Array; isClear?: boolean }[] = [];
  #playing: { audio: Uint8Array; fromMs: number }[] = [];
  #marks: { name: string; atMs: number }[] = [];
  nowMs = 0;
  writes = 0;
  clears = 0;
  cameMsMax = 0;

  constructor(wayMs = 0) {
    this.#wayMs = wayMs;
    this.does(() => this.feeder.streamStarted());
  }

  /** The model says this, and goes on. */
  says(audio: Uint8Array): this {
    return this.does(() => {
      this.turn.audioArrived();
      this.feeder.say(audio);
    });
  }

  ends(): this {
    return this.does(() => void this.turn.generationCompleted());
  }

  does(work: () => void): this {
    this.reaction.begin({ type: 'tick', atMs: this.nowMs });
    work();
    this.feeder.advance();
    for (const effect of this.reaction.effects) {
      const atMs = this.nowMs + this.#wayMs;
      if (effect.type === 'stream.media') this.#onWay.push({ atMs, toUs: false, audio: effect.audio });
      if (effect.type === 'stream.mark') this.#onWay.push({ atMs, toUs: false, mark: effect.name });
      if (effect.type === 'stream.clear') this.#onWay.push({ atMs, toUs: false, isClear: true });
      if (effect.type === 'stream.media') this.writes += 1;
      if (effect.type === 'stream.clear') this.clears += 1;
    }
    return this;
  }

  /** Time goes by in steps of a millisecond; `frameMs`: how often something else happens, as a frame of the caller does. */
  passes(ms: number, frameMs = 20): this {
    for (let passed = 0; passed < ms; passed++) {
      this.nowMs += 1;
      this.#network();
      const due = this.reaction.nextDeadline;
      if (due !== null && due.atMs <= this.nowMs) {
        this.reaction.begin({ type: 'tick', atMs: this.nowMs });
        this.reaction.takeDue();
        this.does(() => {});
      } else if (this.nowMs % frameMs === 0) this.does(() => {});
    }
    return this;
  }

  /** What the caller has heard, and with what gaps. */
  get heard(): number[] {
    return this.#playing.flatMap(({ audio, fromMs }) => [
      ...audio.subarray(0, Math.max(0, Math.floor((this.nowMs - fromMs) * bytesPerMs))),
    ]);
  }

  get #untilMs(): number {
    const last = this.#playing.at(-1);
    return last === undefined ? 0 : last.fromMs + last.audio.length / bytesPerMs;
  }

  get gapsMs(): number {
    return this.#playing.reduce((sum, { fromMs }, at) => {
      const before = this.#playing[at - 1];
      return before === undefined ? 0 : sum + fromMs - (before.fromMs + before.audio.length / bytesPerMs);
    }, 0);
  }

  #network(): void {
    const arrived = this.#onWay.filter(({ atMs }) => atMs <= this.nowMs);
    this.#onWay = this.#onWay.filter(({ atMs }) => atMs > this.nowMs);
    for (const { audio, mark, isClear = false, toUs } of arrived) {
      if (toUs && mark !== undefined) this.does(() => this.feeder.marked(mark));
      else if (audio !== undefined) this.#playing.push({ audio, fromMs: Math.max(this.nowMs, this.#untilMs) });
      else if (isClear) this.#clear();
      else if (mark !== undefined) this.#marks.push({ name: mark, atMs: this.#untilMs });
    }
    this.cameMsMax = Math.max(this.cameMsMax, this.#untilMs - this.nowMs);
    const reached = this.#marks.filter(({ atMs }) => atMs <= this.nowMs);
    this.#marks = this.#marks.filter(({ atMs }) => atMs > this.nowMs);
    for (const { name } of reached) this.#onWay.push({ atMs: this.nowMs + this.#wayMs, toUs: true, mark: name });
  }

  #clear(): void {
    this.#playing = this.#playing
      .map(({ audio, fromMs }) => ({
        fromMs,
        audio: audio.subarray(0, Math.max(0, Math.floor((this.nowMs - fromMs) * bytesPerMs))),
      }))
      .filter(({ audio }) => audio.length > 0);
    for (const { name } of this.#marks) this.#onWay.push({ atMs: this.nowMs + this.#wayMs, toUs: true, mark: name });
    this.#marks = [];
  }
}

/** A sound in which each byte tells where it stands. */
function sound(ms: number, fromMs = 0): Uint8Array {
  return Uint8Array.from({ length: ms * bytesPerMs }, (_, at) => (fromMs * bytesPerMs + at) % 251);
}

test('a long reply goes out with a bounded lead, in ten writes a second, and is heard whole', () => {
  const scene = new Scene(20).says(sound(10_000)).ends();
  expect(scene.feeder.tally).toMatchObject({ sent: 640 * bytesPerMs, queued: 9_360 * bytesPerMs });
  scene.passes(10_100);
  expect(scene.heard).toEqual([...sound(10_000)]);
  expect(scene.gapsMs).toBe(0);
  expect(scene.cameMsMax).toBeLessThanOrEqual(640);
  expect(scene.writes).toBeLessThanOrEqual(100);
  expect(scene.feeder.isSilent).toBe(true);
});

test('where no frame of the caller comes, a timer feeds', () => {
  const scene = new Scene(20).says(sound(5_000)).ends().passes(5_100, 100_000);
  expect(scene.heard).toEqual([...sound(5_000)]);
  expect(scene.gapsMs).toBe(0);
});

test('the first words of a reply wait for nothing, and short messages are joined', () => {
  const scene = new Scene().says(sound(40));
  expect(scene.writes).toBe(1);
  for (let saidMs = 40; saidMs < 1_000; saidMs += 40) scene.passes(13).says(sound(40, saidMs));
  scene.ends().passes(1_000);
  expect(scene.heard).toEqual([...sound(1_000)]);
  expect(scene.gapsMs).toBe(0);
  expect(scene.writes).toBeLessThanOrEqual(12);
});

test('the heard position is right to the millisecond on a way that takes its time', () => {
  const scene = new Scene(35).says(sound(3_000)).ends().passes(2_000, 20);
  for (let step = 0; step < 7; step++) {
    // To a frame of the caller, which tells the time.
    scene.passes(140);
    expect(Math.abs(scene.feeder.heardNowMs - scene.heard.length / bytesPerMs)).toBeLessThanOrEqual(1);
    expect([...scene.feeder.heardNow]).toEqual([...sound(20, Math.round(scene.feeder.heardNowMs))]);
  }
});

test('softer is heard at once, without a gap, a word that is lost or one that is said twice', () => {
  const scene = new Scene(20).says(sound(3_000)).ends().passes(1_000);
  const louder = scene.heard.length;
  scene.does(() => scene.feeder.soften(12)).passes(500);
  scene.does(() => scene.feeder.soften(0)).passes(2_000);
  expect(scene.clears).toBe(2);
  expect(scene.heard).toHaveLength(3_000 * bytesPerMs);
  expect(scene.gapsMs).toBe(0);
  const said = [...sound(3_000)];
  const soft = scene.heard.flatMap((code, at) => (code === said[at] ? [] : [at]));
  expect(soft[0]).toBeGreaterThanOrEqual(louder);
  expect((soft[0] ?? 0) - louder).toBeLessThan(60 * bytesPerMs);
  expect((soft.at(-1) ?? 0) - (soft[0] ?? 0)).toBeLessThanOrEqual(510 * bytesPerMs);
  const level = (codes: readonly number[]) =>
    codes.reduce((sum, code) => sum + Math.abs(mulawCodec.decode[code] ?? 0), 0);
  const within = (codes: readonly number[]) => codes.slice(soft[0], soft.at(-1));
  expect(level(within(scene.heard)) / level(within(said))).toBeCloseTo(10 ** (-12 / 20), 1);
});

test('a stopped agent goes on where the caller stopped hearing', () => {
  const scene = new Scene(20).says(sound(2_000)).passes(700);
  scene
    .does(() => scene.feeder.stop())
    .says(sound(1_000, 2_000))
    .ends()
    .passes(1_000);
  expect(scene.heard.length / bytesPerMs).toBeLessThan(740);
  expect(scene.feeder.isSilent).toBe(false);
  scene.does(() => scene.feeder.goOn()).passes(3_000);
  expect(scene.heard).toEqual([...sound(3_000)]);
  expect(scene.feeder.isSilent).toBe(true);
});

test('what is cut was cleared as far as it was sent, and dropped as far as it was not', () => {
  const scene = new Scene(20).says(sound(5_000)).passes(1_000);
  scene.does(() => scene.feeder.soften(12));
  scene.does(() => void scene.feeder.cut());
  const { sent, heard, cleared, waiting, queued, dropped } = scene.feeder.tally;
  expect([waiting, queued]).toEqual([0, 0]);
  expect(sent).toBe(heard + cleared);
  scene.passes(100);
  expect(scene.heard).toHaveLength(heard);
  expect(scene.feeder.reply).toEqual({ sentMs: 5_000, heardMs: heard / bytesPerMs });
  expect(heard + dropped).toBeLessThan(5_000 * bytesPerMs);
  // The next reply is as loud as ever.
  scene
    .passes(1_000)
    .does(() => scene.feeder.beginReply())
    .says(sound(100))
    .ends()
    .passes(200);
  expect(scene.heard.slice(heard)).toEqual([...sound(100)]);
});

test('a process that stood still sends further ahead, and less so with time', () => {
  const scene = new Scene().says(sound(200_000)).ends().passes(200);
  scene.nowMs += 500;
  scene.passes(1).passes(500);
  expect(scene.cameMsMax).toBeGreaterThan(1_000);
  expect(scene.cameMsMax).toBeLessThan(1_200);
  scene.passes(60_000);
  scene.cameMsMax = 0;
  scene.passes(500);
  expect(scene.cameMsMax).toBeLessThanOrEqual(640);
});

test('no more than five minutes wait, and half a minute before there is a stream', () => {
  const scene = new Scene().says(sound(310_000)).says(sound(300_000)).says(sound(1_000));
  expect(scene.feeder.tally).toMatchObject({ dropped: 311_000 * bytesPerMs });
  const reaction = new Reaction();
  const early = new Feeder(mulawCodec, new ModelTurn(reaction), reaction);
  early.say(sound(31_000));
  early.say(sound(30_000));
  expect(early.tally).toMatchObject({ queued: 30_000 * bytesPerMs, dropped: 31_000 * bytesPerMs, sent: 0 });
});
