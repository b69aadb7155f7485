/**
 * Fills the compile cache where nobody may write later, as in an image: starts the service once with a key and once without, and stops it.
 * `node <options of the service> src/fill-cache.ts [user]`. As root it starts the service as this user, because Node keeps the code of each
 * user apart; what is kept belongs to root then. Exits with 1 when the service does not start.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A start takes a second; a machine that builds an image may have much else to do. */
const startMsMax = 120_000;

/** Where `start.js` has Node keep it. */
const cache = fileURLToPath(new URL('../node_modules/.cache/parley', import.meta.url));

const root = 0;

/** Whom the service runs as: the user of this name or number for root, and nobody else otherwise. */
function userId(user: string | undefined): number | null {
  if (process.getuid?.() !== root || user === undefined) return null;
  return Number(/^\d+$/.test(user) ? user : execFileSync('id', ['-u', user], { encoding: 'utf8' }));
}

/** Starts the service with these settings and stops it when it is ready and has its journal open. What it loaded is kept then. */
async function startOnce(uid: number | null, settings: Readonly<Record<string, string>>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-fill-'));
  if (uid !== null) chownSync(folder, uid, root);
  const usual = { PARLEY_ENV_FILE: 'off', HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'info' };
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(new URL('start.js', import.meta.url))], {
    env: { ...process.env, ...usual, JOURNAL_FILE: join(folder, 'journal.sqlite'), ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: startMsMax,
    ...(uid === null ? {} : { uid }),
  });
  const ended = once(child, 'close');
  const awaited = new Set(['listening', 'journalOpened']);
  for await (const line of createInterface(child.stdout)) {
    for (const event of awaited) if (line.includes(`"msg":"${event}"`)) awaited.delete(event);
    if (awaited.size === 0 && !child.killed) child.kill('SIGTERM');
  }
  const [exitCode]: unknown[] = await ended;
  rmSync(folder, { recursive: true });
  if (exitCode !== 0) throw new Error(`The service ended with ${String(exitCode)}.`);
}

/** Everybody may read what is kept, and only its owner may write. */
function giveToRoot(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) giveToRoot(path);
    chownSync(path, root, root);
    chmodSync(path, entry.isDirectory() ? 0o755 : 0o644);
  }
}

const uid = userId(process.argv[2]);
mkdirSync(cache, { recursive: true });
if (uid !== null) chownSync(cache, uid, root);
for (const settings of [{}, { GEMINI_API_KEY: 'starts-without-asking-it' }]) await startOnce(uid, settings);
if (uid !== null) {
  giveToRoot(cache);
  chownSync(cache, root, root);
}
