import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { openFolder } from '../open-folder.ts';
import { folderOf } from '../../../temporary-folder.ts';

describe('a folder that changes', () => {
  test('is followed: new, changed and removed files', async () => {
    const folder = folderOf({ 'door.md': 'The door is green.', 'gate.md': 'The gate is blue.' });
    const { ask, logged } = await openFolder(folder);
    const textsOf = async (asked: string): Promise<string[]> => (await ask(asked)).passages.map(({ text }) => text);
    expect(await textsOf('What about the gate?')).toEqual(['The gate is blue.']);

    writeFileSync(join(folder, 'door.md'), 'The door is yellow by now.');
    mkdirSync(join(folder, 'deep'));
    writeFileSync(join(folder, 'deep', 'fence.txt'), 'The fence is brown.');
    rmSync(join(folder, 'gate.md'));

    await expect.poll(() => logged.filter(({ event }) => event === 'knowledgeChanged').length).toBeGreaterThan(0);
    // A look that was under way while the files were written sees some of them, and the next one the others.
    await expect.poll(async () => textsOf('What about the fence?')).toEqual(['The fence is brown.']);
    await expect.poll(async () => textsOf('What about the door?')).toEqual(['The door is yellow by now.']);
    await expect.poll(async () => textsOf('What about the gate?')).toEqual([]);
  });

  test('keeps the rest when a file turns bad, and says why', async () => {
    const folder = folderOf({ 'door.md': 'The door is green.', 'gate.md': 'The gate is blue.' });
    const { ask, logged } = await openFolder(folder);
    writeFileSync(join(folder, 'door.md'), Buffer.alloc(4_000));
    await expect
      .poll(() => logged.find(({ event }) => event === 'knowledgeFileWarning'))
      .toEqual({
        event: 'knowledgeFileWarning',
        fields: { file: 'door.md', what: 'holds no text, whatever its name says.' },
      });
    expect((await ask('What about the gate?')).passages).toHaveLength(1);
    expect((await ask('What about the door?')).status).toBe('not_found');
  });

  test('that is gone for a while keeps what was read of it', async () => {
    const folder = folderOf({ 'docs/door.md': 'The door is green.' });
    const { ask, logged } = await openFolder(join(folder, 'docs'));
    renameSync(join(folder, 'docs'), join(folder, 'elsewhere'));
    await expect.poll(() => logged.map(({ event }) => event)).toContain('knowledgeFolderUnreadable');
    expect((await ask('What about the door?')).passages).toHaveLength(1);
  });

  test('is let go while a file is read', async () => {
    const folder = folderOf({ 'door.md': 'The door is green.' });
    const { close, logged } = await openFolder(folder);
    writeFileSync(join(folder, 'long.md'), 'The wall is long and high. '.repeat(100_000));
    await close();
    const before = logged.length;
    await close();
    expect(logged).toHaveLength(before);
  });
});

describe('of a folder', () => {
  test('what is hidden, installed or elsewhere is left alone', async () => {
    const outside = folderOf({ 'secret.md': 'The password is swordfish.' });
    const folder = folderOf({
      'door.md': 'The door is green.',
      '.git/door.md': 'The password is swordfish.',
      '.env.md': 'The password is swordfish.',
      'node_modules/a/README.md': 'The password is swordfish.',
      '..data/gate.md': 'The gate is blue.',
    });
    symlinkSync(join(outside, 'secret.md'), join(folder, 'secret.md'));
    symlinkSync(outside, join(folder, 'outside'));
    symlinkSync(join(folder, 'nothing.md'), join(folder, 'broken.md'));
    symlinkSync('..data/gate.md', join(folder, 'gate.md'));
    symlinkSync(folder, join(folder, 'again'));
    const { ask, warnings } = await openFolder(folder);
    expect(warnings.map((warning) => warning.replace(/^\S+: /, ''))).toEqual([
      'again is a link out of the folder and is not followed.',
      'broken.md is a link to nothing.',
      'outside is a link out of the folder and is not followed.',
      'secret.md is a link out of the folder and is not followed.',
    ]);
    expect((await ask('What is the password?', 'swordfish')).status).toBe('not_found');
    expect((await ask('What about the gate?')).passages).toHaveLength(1);
  });

  test('files of other kinds are named if somebody may expect them to be read', async () => {
    const { warnings } = await openFolder(folderOf({ 'a.md': 'A door.', 'b.docx': '', 'c.odt': '', 'd.png': '' }));
    expect(warnings).toEqual([
      expect.stringMatching(/: b\.docx and 1 more: only Markdown, text, HTML and PDF are read/),
    ]);
  });
});
