import { type Browser, chromium } from 'playwright-core';
import { programOf } from './program.ts';

/** What the system may call it. */
const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** A machine that is busy with other work takes long to start one. */
const startMsMax = 120_000;

/** What a browser is started with. */
export interface ChromiumOptions {
  /** A WAV file that its microphone hears, again and again; `%noloop` behind its name: once. Without one it hears beeps. */
  readonly microphoneFile?: string;
}

/** A browser, or why there is none. */
export type FoundBrowser = { readonly browser: Browser } | { readonly missing: string };

/** Starts the system's Chromium, without a window. Pages get microphone and camera, both simulated, without a question. */
export async function openChromium({ microphoneFile }: ChromiumOptions = {}): Promise<FoundBrowser> {
  const executablePath = programOf(names);
  if (executablePath === null) return { missing: 'There is no Chromium here: apt-get install chromium.' };
  const args = [
    // The account of a container or of a build machine is often root, for which Chromium has no sandbox.
    '--no-sandbox',
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    ...(microphoneFile === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphoneFile}`]),
  ];
  return { browser: await chromium.launch({ executablePath, args, timeout: startMsMax }) };
}
