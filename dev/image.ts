import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { helpIfAsked } from '../src/cli/help.ts';
import { buildImage } from './image/image-build.ts';
import { ImageService, type ImageServiceOptions } from './image/image-service.ts';

const usage = `Usage: npm run check:image
  Proves the container image without Docker. Takes no options.`;

/** The id of "nobody" on Linux. It needs no account. */
const nobody = 65_534;

/** A service loads more than this. */
const modulesMin = 400;

/** The right to write, of everybody and of the owner alone. */
const anyoneWrites = 0o222;
const ownerWrites = 0o200;

/**
 * Proves the container image without Docker: carries out the steps of the Dockerfile in an empty folder, starts the service there as its
 * CMD says, without any right of root or to write beside its journal, and stops it again. `npm run check:image`; exits with 1 when something is missing.
 */
async function main(): Promise<void> {
  parseArgs({ options: {} });
  const startedMs = performance.now();
  const source = fileURLToPath(new URL('..', import.meta.url));
  const ids = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : null;
  const uid = ids?.uid ?? process.getuid?.() ?? 0;
  const folder = mkdtempSync(join(tmpdir(), 'parley-image-'));
  try {
    chmodSync(folder, 0o755);
    const root = join(folder, 'root');
    const bin = join(folder, 'bin');
    mkdirSync(root);
    mkdirSync(bin);
    // A copy, because the repository may lie where only its owner can look.
    copyFileSync(process.execPath, join(bin, 'node'));
    const image = buildImage({ source, root, bin, args: { SERVICE_USER: String(uid) } });
    if (image.user !== String(uid)) throw new Error(`The service would run as ${image.user}.`);
    console.log(`The image holds: ${readdirSync(image.folder).toSorted().join(', ')}.`);
    const written = join(image.folder, 'data');
    // As with a read-only root file system and a volume for the journal.
    changeRights(root, (mode) => mode & ~anyoneWrites, written);
    const service = new ImageService({ image, bin, ids });
    try {
      if (await service.canWrite(image.folder)) throw new Error('The service can write beside its journal.');
      await prove(service);
      const owner = statSync(join(written, 'journal.sqlite')).uid;
      if (owner !== uid) throw new Error(`The journal belongs to ${owner}, and the service is ${uid}.`);
    } catch (error) {
      console.error(service.log);
      throw error;
    } finally {
      service.kill();
    }
    for (const key of ['', 'starts-without-asking-it']) await proveKeptCode({ image, bin, ids }, key);
  } finally {
    // Only who may write a folder may empty it.
    changeRights(folder, (mode) => mode | ownerWrites);
    rmSync(folder, { recursive: true });
  }
  const tookSeconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(
    `The image starts, is healthy and ready, has its pages, keeps a journal, writes nothing else, and stops with 0. ${tookSeconds} s.`,
  );
}

async function prove(service: ImageService): Promise<void> {
  const port = await service.port('listening');
  await service.answers(port, '/healthz');
  await service.answers(port, '/readyz');
  // Their types are stripped when they are asked for.
  await service.answers(await service.port('adminListening'), '/web/health/page.ts');
  // The journal opens its file in the background.
  await service.says('journalOpened');
  const health = await service.healthCheck(port);
  if (health !== 0) throw new Error(`The health check exits with ${String(health)}.`);
  const exitCode = await service.stop();
  if (exitCode !== 0) throw new Error(`After SIGTERM the service exits with ${String(exitCode)}.`);
}

/** Proves that a start finds everything compiled that it loads, whether there is a key or not. */
async function proveKeptCode(options: ImageServiceOptions, key: string): Promise<void> {
  const tells = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE', GEMINI_API_KEY: key };
  const service = new ImageService({ ...options, further: tells });
  try {
    await service.says('listening');
    await service.says('journalOpened');
    const lines = service.log.split('\n');
    const found = lines.filter((line) => /V8 code cache for .* was accepted/.test(line)).length;
    const compiled = lines.filter((line) =>
      /\[compile cache\].*(?:no such file|was rejected|not initialized)/.test(line),
    );
    if (found < modulesMin || compiled.length > 0)
      throw new Error(`A start finds ${found} modules compiled, and others not: ${compiled.slice(0, 5).join('\n')}`);
    console.log(`A start ${key === '' ? 'without' : 'with'} a key finds all of its ${found} modules compiled.`);
  } finally {
    service.kill();
  }
}

/** Changes the rights of a folder and of all that it holds, but for one folder in it. */
function changeRights(folder: string, change: (mode: number) => number, spared = ''): void {
  if (folder === spared) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) changeRights(path, change, spared);
    else if (entry.isFile()) chmodSync(path, change(statSync(path).mode));
  }
  chmodSync(folder, change(statSync(folder).mode));
}

helpIfAsked(usage);
await main();
