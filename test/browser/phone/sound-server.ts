import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { programOf } from '../../../dev/browser/program.ts';
import { until } from '../../until.ts';

/** A sound card that nobody hears, or why there is none. */
export type FoundSoundServer = { readonly env: Record<string, string> } | { readonly missing: string };

/** Starts PulseAudio with a card that plays into nothing: Firefox starts no sound without one. It ends with the test. */
export async function startSoundServer({ onTestFinished }: TestContext): Promise<FoundSoundServer> {
  const program = programOf(['pulseaudio']);
  if (program === null) return { missing: 'There is no PulseAudio here: apt-get install pulseaudio.' };
  const folder = mkdtempSync(join(tmpdir(), 'parley-sound-'));
  const socket = join(folder, 'socket');
  const modules = ['module-null-sink', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`];
  const args = ['-n', '--exit-idle-time=-1', '--use-pid-file=no', ...modules.flatMap((module) => ['-L', module])];
  const server = spawn(program, args, { stdio: 'ignore', env: { HOME: folder, XDG_RUNTIME_DIR: folder } });
  onTestFinished(async () => {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  await until('the sound server listens', () => existsSync(socket));
  return { env: { PULSE_SERVER: `unix:${socket}` } };
}
