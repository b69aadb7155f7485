import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isJsonObject, parseJson } from '../../src/encoding/json.ts';
import { LineWriter } from '../../src/system/line-writer.ts';
import { compileCache } from '../compile-cache.ts';
import { Pipe } from '../pipe.ts';
import { until } from '../until.ts';

/** The writer's own bound, and more than a pipe holds. */
const waitingBytesMax = 1024 * 1024;

/** They fit into an empty pipe. */
const lastLines = 300;

test('a line is written at once, and whole, where the reader keeps up', (context) => {
  const pipe = Pipe.open(context);
  const writer = writerOf(pipe);
  for (const line of ['one\n', 'zwölf\n', '三\n']) {
    writer.write(line);
    expect(pipe.read()).toBe(line);
  }
});

test('lines that a reader does not take wait in their order, within a bound, and a line says how many were lost', async (context) => {
  const pipe = Pipe.open(context);
  const writer = writerOf(pipe);
  const lines = 15_000;
  for (let at = 0; at < lines; at += 1) writer.write(numbered(at));

  let text = '';
  await until('the line that tells of the loss', () => (text += pipe.read()).includes('lost'));
  writer.write('after\n');
  text += pipe.read();
  const written = text.split('\n').length - 3;
  expect(text).toBe(
    Array.from({ length: written }, (_, at) => numbered(at)).join('') + `lost ${lines - written}\nafter\n`,
  );
  expect(written * 100).toBeGreaterThan(waitingBytesMax);
  expect(written * 100).toBeLessThan(waitingBytesMax * 1.5);
});

test('a reader that is gone does not matter, and one that comes back gets what waits', async (context) => {
  const pipe = Pipe.open(context);
  const writer = writerOf(pipe);
  pipe.stopReading();
  writer.write('one\n');
  writer.write('two\n');
  pipe.startReading();
  let text = '';
  await until('what waits', () => (text += pipe.read()).includes('two'));
  expect(text).toBe('one\ntwo\n');
});

test('a flush waits for a reader that takes everything, in order', async (context) => {
  const pipe = Pipe.open(context);
  const writer = writerOf(pipe);
  const lines = Array.from({ length: 2_000 }, (_, at) => `${at}${'.'.repeat(200)}\n`);
  for (const line of lines) writer.write(line);
  const copy = join(pipe.folder, 'copy');
  const reader = spawn('sh', ['-c', 'cat "$0" > "$1"', pipe.path, copy]);
  context.onTestFinished(() => void reader.kill('SIGKILL'));
  writer.flush(60_000);
  pipe.close();
  await once(reader, 'close');
  expect(readFileSync(copy, 'utf8')).toBe(lines.join(''));
});

test('a process that exits writes its last lines before, whatever ends it', async (context) => {
  const pipe = Pipe.open(context);
  pipe.fill();
  const logger = new URL('../../src/system/logger.ts', import.meta.url);
  // Nothing is written while it waits for a byte, because that blocks it.
  const program = `
    import { readSync, writeSync } from 'node:fs';
    import { createLogger } from ${JSON.stringify(logger)};
    const log = createLogger('info');
    for (let at = 0; at < ${lastLines}; at += 1) log.info({ at }, 'line');
    writeSync(2, 'logged');
    readSync(0, new Uint8Array(1));
    throw new Error('fatal');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: compileCache,
    stdio: ['pipe', pipe.end('blocks'), 'pipe'],
  });
  const { stdin, stderr } = child;
  if (stdin === null || stderr === null) throw new RangeError('There are no pipes.');
  const ended = once(child, 'close');
  await once(stderr, 'data');
  expect(pipe.read().trim()).toBe('');
  stderr.resume();
  stdin.write('.');
  expect(await ended).toEqual([1, null]);
  const lines = pipe.read().split('\n').map(parseJson).filter(isJsonObject);
  expect(lines.map(({ at }) => at)).toEqual(Array.from({ length: lastLines }, (_, at) => at));
});

function writerOf(pipe: Pipe): LineWriter {
  return new LineWriter(pipe.end('nonblocking'), (lines) => `lost ${lines}\n`);
}

/** A line of 100 bytes. */
function numbered(at: number): string {
  return `${String(at).padStart(99, '.')}\n`;
}
