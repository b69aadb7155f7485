import { loadConfig } from '../../src/config/load/load-config.ts';
import { ParleyError } from '../../src/errors.ts';

/** The lines with which a configuration is refused; none when it is taken. */
export function problemsOf(env: Readonly<Record<string, string>>, readTextFile?: (path: string) => string): string[] {
  try {
    loadConfig(env, readTextFile);
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'config.invalid') return error.message.split('\n');
    throw error;
  }
  return [];
}
