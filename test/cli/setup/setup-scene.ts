import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'vitest';
import type { RestNumber } from '../../../src/sim/carrier/rest/rest-account.ts';
import { startRestServer } from '../../../src/sim/carrier/hosts/rest-server.ts';
import { compileCache } from '../../compile-cache.ts';
import { restNumber } from '../../sim/carrier/rest-number.ts';
import { until } from '../../until.ts';

export const accountSid = 'AC5e83d06a9b1f27c4a0d35e8897c2b146';
export const authToken = '0123456789abcdef0123456789abcdef';
export const geminiKey = 'AQ.test-key-of-nobody-0123456789ab';
export const publicUrl = 'https://calls.orderdesk.dev';

export const whole = [
  `GEMINI_API_KEY=${geminiKey}`,
  `TWILIO_ACCOUNT_SID=${accountSid}`,
  `TWILIO_AUTH_TOKEN=${authToken}`,
  `PUBLIC_URL=${publicUrl}`,
];

/** A folder for the file, and an account with two numbers that take calls. */
export class SetupScene {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-setup-'));
  readonly file = join(this.folder, '.env');
  readonly numbers: readonly RestNumber[] = [
    restNumber(),
    restNumber({ sid: `PN${'2'.repeat(32)}`, phoneNumber: '+15005550002', friendlyName: 'Order desk' }),
    restNumber({ sid: `PN${'3'.repeat(32)}`, phoneNumber: '+15005550003', takesCalls: false }),
  ];
  #restUrl = '';

  static async start({ onTestFinished }: TestContext): Promise<SetupScene> {
    const scene = new SetupScene();
    const credentials = [{ user: accountSid, password: authToken }];
    const { numbers } = scene;
    const rest = await startRestServer({ accountSid, credentials, numbers, callBySid: () => undefined });
    scene.#restUrl = rest.url;
    onTestFinished(async () => {
      await rest.close();
      rmSync(scene.folder, { recursive: true });
    });
    return scene;
  }

  /** The number that the tests lead here. */
  get desk(): RestNumber | undefined {
    return this.numbers[1];
  }

  write(lines: readonly string[]): void {
    writeFileSync(this.file, `${lines.join('\n')}\n`);
  }

  get written(): string {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
  }

  modeOf(name: string): string {
    return (statSync(join(this.folder, name)).mode & 0o777).toString(8);
  }

  backups(): string[] {
    return readdirSync(this.folder).filter((name) => name.includes('backup'));
  }

  /** Runs the command without a terminal. */
  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn(process.execPath, this.#command(args), { env: this.#env(env), stdio });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code, stdout, stderr };
  }

  /** Runs the command in a pseudo-terminal, and answers each question when it is asked. Returns all that was to be seen. */
  async talk(answers: readonly (readonly [question: string, answer: string])[], path = '') {
    const words = [process.execPath, ...this.#command([])];
    const line = words.map((word) => `'${word}'`).join(' ');
    // The one of macOS takes the command word by word.
    const args = process.platform === 'darwin' ? ['-q', '/dev/null', ...words] : ['-qefc', line, '/dev/null'];
    const child = spawn('script', args, {
      env: { ...this.#env({ PATH: `${path}:${process.env.PATH}` }), TERM: 'dumb', SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    const closed = once(child, 'close');
    let from = 0;
    for (const [question, answer] of answers) {
      const at = await until(`the question "${question}"`, () => {
        const found = seen.indexOf(question, from);
        return found === -1 ? null : { found };
      });
      from = at.found + question.length;
      child.stdin.write(`${answer}\r`);
    }
    const [code] = await closed;
    return { code, seen };
  }

  #command(args: readonly string[]): string[] {
    return [join(import.meta.dirname, 'setup-child.ts'), this.#restUrl, join(this.folder, 'undo.json'), ...args];
  }

  #env(more: Readonly<Record<string, string>>): Record<string, string> {
    return { ...compileCache, PARLEY_ENV_FILE: this.file, ...more };
  }
}
