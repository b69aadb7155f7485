import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../../src/system/files/make-folder.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

test('a folder is made with those above it, for us alone, and may be there', (context) => {
  const folder = temporaryFolder(context);
  const path = join(folder, 'one', 'two');
  for (let times = 0; times < 2; times += 1) makeFolder(path, 0o700);
  expect([path, join(folder, 'one')].map((each) => statSync(each).mode % 0o1000)).toEqual([0o700, 0o700]);
  makeFolder('/', 0o700);
});

test('a file in the way is no folder', (context) => {
  const file = join(temporaryFolder(context), 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file, 0o700)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  expect(() => makeFolder(join(file, 'below'), 0o700)).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
});

// A volume whose folder was deleted on the host takes no new one and says that something does not exist. Node went round for ever: at the
// start with RECORD_DIR there, and in the thread of the journal, which burnt a core and kept the process from ending.
test.skipIf(process.platform !== 'linux')('where no folder can be made is said at once', () => {
  expect(() => makeFolder('/proc/parley/one/two', 0o700)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
