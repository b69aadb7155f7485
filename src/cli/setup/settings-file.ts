import { chmodSync, copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { envText } from '../../config/env-file/env-text.ts';
import { parseEnvFile } from '../../config/env-file/parse-env.ts';
import { cannotBeRead } from '../../errors.ts';
import { SetupFailure } from './setup-failure.ts';

/** It holds keys: its owner alone may read it. */
const ownerOnly = 0o600;

const introduction = `# Settings of Parley, as npm run setup wrote them. docs/configuration.md and .env.example list all there are.
`;

/** The file with the settings. Nothing is lost of it: what is written over is kept beside it. */
export class SettingsFile {
  readonly path: string;
  readonly #text: string | null;

  /** Throws a SetupFailure for a file that cannot be read. */
  constructor(path: string) {
    this.path = path;
    this.#text = read(path);
  }

  get exists(): boolean {
    return this.#text !== null;
  }

  get text(): string {
    return this.#text ?? introduction;
  }

  /** What it says so far; what is empty counts as unset. Throws a SetupFailure for a file that Parley would refuse. */
  values(): ReadonlyMap<string, string> {
    const { problems, values } = parseEnvFile(new TextEncoder().encode(this.text), this.path);
    if (problems.length > 0) throw new SetupFailure(problems.join('\n'));
    return new Map([...values].flatMap(([name, { value }]) => (value.trim() === '' ? [] : [[name, value.trim()]])));
  }

  /** Writes the file, all or nothing. Returns where the old one is kept; null if there was none. Throws a SetupFailure. */
  write(text: string): string | null {
    const fresh = `${this.path}.new`;
    try {
      const backup = this.exists ? this.#backUp() : null;
      writeFileSync(fresh, text, { mode: ownerOnly });
      // The mode above counts for new files only.
      chmodSync(fresh, ownerOnly);
      renameSync(fresh, this.path);
      return backup;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      throw new SetupFailure(`${this.path} cannot be written (${String(error.code)}).`, { cause: error });
    }
  }

  /** Earlier copies stay: the first free number is taken. */
  #backUp(): string {
    for (let number = 1; ; number += 1) {
      const backup = `${this.path}.backup-${number}`;
      if (existsSync(backup)) continue;
      copyFileSync(this.path, backup);
      chmodSync(backup, ownerOnly);
      return backup;
    }
  }
}

function read(path: string): string | null {
  if (!existsSync(path)) return null;
  const decoded = envText(readBytes(path));
  if ('problem' in decoded) throw new SetupFailure(`${path} ${decoded.problem}.`);
  return decoded.text;
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new SetupFailure(`${path} ${cannotBeRead(error)}.`, { cause: error });
  }
}
