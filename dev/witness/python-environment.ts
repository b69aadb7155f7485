import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Numerical packages are some 100 MB, and a registry may be slow. */
const installMsMax = 480_000;
const probeMsMax = 20_000;
/** Pip says the cause of a failure in its last line. */
const causeCharactersMax = 300;

/** A program that runs in an environment of its own, or why there is none, as one line. */
export type Python = { readonly python: string } | { readonly missing: string };

/**
 * The Python of a witness, with exactly the packages that `requirements.txt` of `folder` names. It is made once and kept in the user's
 * cache folder, by the version of Python and the hash of the list.
 */
export async function pythonFor(folder: string): Promise<Python> {
  const requirements = join(folder, 'requirements.txt');
  const base = await basePython();
  if (base === null) return { missing: 'There is no python3 of version 3.11 or later with venv.' };
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'parley-witness');
  const kept = join(cache, `${base.version}-${hash}`);
  const python = join(kept, 'bin', 'python');
  if (existsSync(python)) return { python };
  const made = `${kept}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    await run(base.program, ['-m', 'venv', made], { timeout: probeMsMax * 5 });
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--retries', '1'];
    await run(join(made, 'bin', 'python'), [...pip, '--requirement', requirements], { timeout: installMsMax });
    // Another process may have been faster.
    if (!existsSync(python)) renameSync(made, kept);
    return { python };
  } catch (error) {
    return { missing: `The packages of ${requirements} cannot be installed: ${causeOf(error)}` };
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

async function basePython(): Promise<{ readonly program: string; readonly version: string } | null> {
  const ask = 'import sys, venv, ensurepip; print(sys.version_info >= (3, 11), "%d.%d" % sys.version_info[:2])';
  try {
    const { stdout } = await run('python3', ['-c', ask], { timeout: probeMsMax });
    const [isNew, version = ''] = stdout.trim().split(' ');
    return isNew === 'True' ? { program: 'python3', version } : null;
  } catch {
    return null;
  }
}

function causeOf(error: unknown): string {
  const lines = error instanceof Error ? error.message.trim().split('\n') : [];
  return (lines.at(-1) ?? 'unknown cause').slice(0, causeCharactersMax);
}
