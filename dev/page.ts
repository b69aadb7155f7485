/**
 * Shows how fast the pages are in Chromium: `npm run bench:page`. Recorded calls, which are simulated in virtual time, are opened as files of
 * their own and drawn; live calls are placed, and the board shows them. Prints a table in Markdown, and a line.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { startCommand } from '../src/cli/terminal/terminal.ts';
import { saveCall } from '../src/console/recording/save-call.ts';
import { usualMeans } from '../src/console/recording/timeline-setup.ts';
import { longCallScenario } from '../src/sim/run/long-call.ts';
import { type Recording, recordScenario, saveRecording } from '../src/sim/run/record.ts';
import { boardDelays } from './browser/board-delay.ts';
import { openChromium } from './browser/chromium.ts';
import { quantilesOf } from './figures/quantiles.ts';

const usage = `Usage: npm run bench:page
  Shows in Chromium how fast recorded calls are drawn, and how soon the board shows a new call. Takes no options.`;

/** The speech of simulated calls repeats itself and packs well, and no sound packs worse than noise: a person lies between the two. */
const calls = [
  { minutes: 1, sound: 'speech' },
  { minutes: 10, sound: 'speech' },
  { minutes: 60, sound: 'speech' },
  { minutes: 60, sound: 'noise' },
] as const;

/** Places that are jumped to along the whole call, and steps of the wheel there and back. */
const jumps = 60;
const wheelSteps = 40;

/** How many calls the board is shown. */
const boardCalls = 10;

interface PageFigures {
  readonly fileBytes: number;
  readonly makeMs: number;
  readonly drawnMs: number;
  /** From an input to the frame that shows it: the middle one and the slowest but one in twenty. */
  readonly scrub: { readonly p50: number; readonly p95: number };
  readonly zoom: { readonly p50: number; readonly p95: number };
}

/** Runs in the page: gives each input, and waits until what it changed is on the screen. */
const measureInputs = `async (kind, count) => {
  const shown = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const target = document.querySelector(kind === 'scrub' ? '.overview' : '.tracks');
  const box = target.getBoundingClientRect();
  if (kind === 'scrub') document.querySelector('[aria-label="Zoom in"]').click();
  await shown();
  const tookMs = [];
  for (let at = 0; at < count; at += 1) {
    const clientX = box.left + (kind === 'scrub' ? (at * box.width) / count : box.width / 3);
    const clientY = box.top + 10;
    const event = kind === 'scrub'
      ? new PointerEvent('pointermove', { clientX, clientY, buttons: 1, bubbles: true, pointerId: 1 })
      : new WheelEvent('wheel', { clientX, clientY, deltaY: at < count / 2 ? -120 : 120, bubbles: true, cancelable: true });
    const fromMs = performance.now();
    target.dispatchEvent(event);
    await shown();
    tookMs.push(performance.now() - fromMs);
  }
  return tookMs;
}`;

async function measure({ minutes, sound }: (typeof calls)[number], folder: string): Promise<PageFigures> {
  const log = join(folder, `${minutes}-${sound}`);
  const recording = recordScenario(longCallScenario(minutes));
  saveRecording(log, sound === 'noise' ? noisy(recording) : recording);
  const file = `${log}.html`;
  const startedAtMs = performance.now();
  await saveCall(join(log, 'call.jsonl'), 'file', file, usualMeans(null));
  const makeMs = performance.now() - startedAtMs;
  const found = await openChromium();
  if ('missing' in found) throw new RangeError(found.missing);
  try {
    const page = await found.browser.newPage();
    // A drag that was not begun by a pointer cannot be followed by one.
    await page.addInitScript({ content: 'Element.prototype.setPointerCapture = () => {};' });
    await page.goto(pathToFileURL(file).href);
    await page.locator('.playhead').waitFor({ state: 'attached' });
    await page.locator('progress').waitFor({ state: 'detached' });
    // From the moment at which the browser was told the address.
    const drawnMs: number = await page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => done(performance.now())))',
    );
    const scrub = spread(await inputs(page, 'scrub', jumps));
    const zoom = spread(await inputs(page, 'zoom', wheelSteps));
    return { fileBytes: statSync(file).size, makeMs, drawnMs, scrub, zoom };
  } finally {
    await found.browser.close();
  }
}

/** The same call with noise for every sound, which a simulated call stores once. */
function noisy(recording: Recording): Recording {
  let end = 0;
  const lines = recording.lines.replaceAll(/"at":\d+,"bytes":(\d+)/g, (_, bytes: string) => {
    const at = end;
    end += Number(bytes);
    return `"at":${at},"bytes":${bytes}`;
  });
  return { ...recording, lines, audio: randomBytes(end) };
}

async function inputs(page: Page, kind: 'scrub' | 'zoom', count: number): Promise<number[]> {
  return page.evaluate(`(${measureInputs})('${kind}', ${count})`);
}

function spread(valuesMs: readonly number[]): { p50: number; p95: number } {
  const at = quantilesOf(valuesMs);
  return { p50: at(0.5), p95: at(0.95) };
}

async function main(): Promise<number> {
  parseArgs({ options: {} });
  const folder = mkdtempSync(join(tmpdir(), 'parley-page-'));
  try {
    console.log('| call | file | made in | drawn after | scrubbing, p50 / p95 | wheel, p50 / p95 |');
    console.log('| --- | --- | --- | --- | --- | --- |');
    for (const call of calls) {
      const { fileBytes, makeMs, drawnMs, scrub, zoom } = await measure(call, folder);
      const cells = [
        `${call.minutes} min of ${call.sound}`,
        `${(fileBytes / 1e6).toFixed(1)} MB`,
        `${(makeMs / 1000).toFixed(1)} s`,
        `${Math.round(drawnMs)} ms`,
        ...[scrub, zoom].map(({ p50, p95 }) => `${p50.toFixed(0)} / ${p95.toFixed(0)} ms`),
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const { p50, p95 } = spread(await boardDelays(boardCalls));
  console.log(`\nThe board shows a call ${p50.toFixed(0)} ms after it was placed (p95: ${p95.toFixed(0)} ms).`);
  return 0;
}

await startCommand({ usage, run: main });
