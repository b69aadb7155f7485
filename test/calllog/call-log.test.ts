import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { readLog } from '../../src/calllog/read-log.ts';
import { replay } from '../../src/calllog/replay.ts';
import { LogFolder, type OpenLogFile } from '../../src/calllog/log-folder.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';
import { LogLines } from '../log-lines.ts';
import { RecordedCall, recordCall } from './recorded-call.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const settledMsMax = 60_000;

test('a call that was recorded replays exactly', async (context) => {
  const path = await recordCall(context);
  const record = readLog(readFileSync(path, 'utf8'), readFileSync(path.replace('.jsonl', '.audio')));
  expect(record).toMatchObject({ audioIsMissing: false, cut: null });
  expect(replay(record, standardAudioPath)).toMatchObject({ divergence: null, broken: [], crash: null });
});

// A pipe that nobody reads holds 64 kB and then makes the writer wait: the real back-pressure of a disk that hangs.
describe('a disk that hangs', () => {
  test('costs the audio first; all events are kept, and the log says what is missing', async (context) => {
    const pipes = new Pipes(context);
    const log = new LogLines();
    const folder = new LogFolder(pipes.open, { audio: 400_000, lines: 4_000_000 });
    const call = new RecordedCall(folder, log).wholeCall();
    for (let reply = 0; reply < 20; reply += 1) call.agentSpeaks(1000, 'more');
    call.close();

    const record = readLog(...(await pipes.contents()));
    expect(record).toMatchObject({ audioIsMissing: true, cut: null });
    expect(record.steps.filter(({ event }) => event.type === 'model.audio')).toHaveLength(22);
    expect(record.steps.at(-1)?.event).toMatchObject({ type: 'model.audio' });
    expect(replay(record, standardAudioPath).broken).toEqual([]);
    expect(log.all.map(({ level, msg }) => [level, msg])).toEqual([['warn', 'callLogAudioDropped']]);
  });

  test('ends the log with the reason when even lines have no room, and the call goes on', async (context) => {
    const pipes = new Pipes(context);
    const log = new LogLines();
    const folder = new LogFolder(pipes.open, { audio: 20_000, lines: 30_000 });
    new RecordedCall(folder, log).wholeCall().close();
    const record = readLog(...(await pipes.contents()));
    expect(record).toMatchObject({ audioIsMissing: true, cut: 'the disk is too slow' });
    expect(replay(record, standardAudioPath)).toMatchObject({ broken: [], crash: null });
    expect(log.all).toMatchObject([{ level: 'warn', msg: 'callLogFailed', why: 'the disk is too slow' }]);
  });

  test('holds no thread but one, so that other files are still read', async (context) => {
    const pipes = new Pipes(context);
    const folder = new LogFolder(pipes.open);
    for (let calls = 0; calls < 5; calls += 1) new RecordedCall(folder).wholeCall().close();
    // Node has four threads for files. If each call held one, this would wait for ever.
    await pipes.firstLog;
    await expect(readFile(import.meta.filename, 'utf8')).resolves.toContain('for ever');
    await pipes.contents();
    await folder.settled(settledMsMax);
    expect(pipes.count).toBe(10);
  });

  test('gets no more files when it cannot take them either', async (context) => {
    const pipes = new Pipes(context);
    const log = new LogLines();
    const folder = new LogFolder(pipes.open, { audio: 20_000, lines: 30_000 });
    new RecordedCall(folder).wholeCall().close();
    new RecordedCall(folder, log).wholeCall().close();
    await pipes.contents();
    await folder.settled(settledMsMax);
    expect(pipes.count).toBe(2);
    expect(log.all).toMatchObject([{ level: 'warn', msg: 'callLogFailed', why: 'the disk is too slow' }]);
  });
});

describe('a disk that refuses', () => {
  test.runIf(existsSync('/dev/full'))('because it is full costs the log one warning', async () => {
    const log = new LogLines();
    const folder = new LogFolder(() => open('/dev/full', 'w'));
    new RecordedCall(folder, log).wholeCall().close();
    await folder.settled(settledMsMax);
    expect(log.all).toMatchObject([{ level: 'warn', msg: 'callLogFailed', why: expect.stringContaining('ENOSPC') }]);
  });

  test('because a file is as large as it may be leaves a log that ends at a whole line and says why', async (context) => {
    const path = temporaryFolder(context);
    // The shell's limit counts in kB; the audio fits below it and the lines do not.
    const script = `ulimit -f 64; exec "$0" "$@"`;
    execFileSync('bash', ['-c', script, process.execPath, join(import.meta.dirname, 'record-into.ts'), path]);
    const [audioFile = '', linesFile = ''] = readdirSync(path).map((name) => join(path, name));
    const text = readFileSync(linesFile, 'utf8');
    expect(text.length).toBeLessThanOrEqual(65_536);
    const record = readLog(text, readFileSync(audioFile));
    expect(record.cut).toContain('EFBIG');
    expect(record.steps.length).toBeGreaterThan(10);
  });
});

test('a log that fails by a fault of ours takes no other log along', async (context) => {
  const log = new LogLines();
  const path = temporaryFolder(context);
  const unspeakable = Object.defineProperty(new Error(), 'message', {
    get() {
      throw new RangeError('broken');
    },
  });
  let opened = 0;
  const folder = new LogFolder(async (name) => {
    opened += 1;
    return opened === 1 ? Promise.reject(unspeakable) : open(join(path, name), 'wx');
  });
  new RecordedCall(folder, log).wholeCall().close();
  new RecordedCall(folder).wholeCall().close();
  await folder.settled(settledMsMax);
  expect(log.all).toMatchObject([{ level: 'error', msg: 'callLogCrashed' }]);
  const [audioFile = '', linesFile = ''] = readdirSync(path).map((name) => join(path, name));
  expect(readLog(readFileSync(linesFile, 'utf8'), readFileSync(audioFile))).toMatchObject({ cut: null });
});

/** Named pipes in the place of the files of logs. Nobody reads them until `contents` is asked for, or the test is over. */
class Pipes {
  readonly #folder: string;
  readonly #opened = Promise.withResolvers<void>();
  #readEnds: number[] = [];
  #readers: Promise<Buffer>[] | null = null;
  count = 0;

  constructor(context: TestContext) {
    this.#folder = temporaryFolder(context);
    context.onTestFinished(() => void this.#read());
  }

  readonly open: OpenLogFile = async (name) => {
    const path = join(this.#folder, `${this.count}-${name}`);
    this.count += 1;
    execFileSync('mkfifo', [path]);
    // Opened for both directions, a pipe does not wait for somebody at the other end.
    const writeEnd = await open(path, 'r+');
    this.#readEnds.push(openSync(path, 'r'));
    if (this.#readers !== null) void this.#read();
    if (this.count === 2) this.#opened.resolve();
    return writeEnd;
  };

  /** Resolves when both files of the first log are open. */
  get firstLog(): Promise<void> {
    return this.#opened.promise;
  }

  /** The disk comes back. Resolves to what the first log holds when it is closed. */
  async contents(): Promise<[lines: string, audio: Buffer]> {
    await this.firstLog;
    const [audio = Buffer.of(), lines = Buffer.of()] = await Promise.all(this.#read());
    return [lines.toString('utf8'), audio];
  }

  #read(): Promise<Buffer>[] {
    this.#readers = [...(this.#readers ?? []), ...this.#readEnds.map(readAll)];
    this.#readEnds = [];
    return this.#readers;
  }
}

/** Another process reads, because a read that waits would hold a thread of our pool. */
async function readAll(readEnd: number): Promise<Buffer> {
  const reader = spawn('cat', { stdio: [readEnd, 'pipe', 'inherit'] });
  closeSync(readEnd);
  const pieces: Buffer[] = [];
  reader.stdout?.on('data', (piece: Buffer) => pieces.push(piece));
  await once(reader, 'close');
  return Buffer.concat(pieces);
}
