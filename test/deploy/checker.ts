import { spawnSync } from 'node:child_process';

/** A program of others that checks files. */
export class Checker {
  /** Why what needs it is skipped; null where it is there. */
  readonly missing: string | null;
  readonly #program: string;

  /** `comesWith`: what an admin installs to have it. */
  constructor(program: string, comesWith: string, versionOption = '--version') {
    this.#program = program;
    this.missing =
      spawnSync(program, [versionOption]).status === 0 ? null : `${program} is not installed (${comesWith})`;
  }

  /** What it says when it is not content; else null. */
  complaint(args: readonly string[], env: Readonly<Record<string, string>> = {}): string | null {
    const { status, stdout, stderr } = spawnSync(this.#program, args, {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    return status === 0 ? null : stdout + stderr;
  }
}
