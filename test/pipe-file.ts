import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import type { TestContext } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** The path of a pipe into which nobody ever writes: whoever opens it like a file waits for ever. */
export function pipeFile(context: TestContext, name: string): string {
  const path = join(temporaryFolder(context), name);
  execFileSync('mkfifo', [path]);
  return path;
}
