import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import type { Asker } from '../../../src/cli/setup/asker.ts';
import { setUp } from '../../../src/cli/setup/run-setup.ts';
import { SettingsFile } from '../../../src/cli/setup/settings-file.ts';
import { UndoFile } from '../../../src/cli/setup/undo-file.ts';
import { missingSettings } from '../../../src/cli/setup/wanted.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { accountSid, authToken, geminiKey, whole } from './setup-scene.ts';

const withPlaceholder = ['GEMINI_API_KEY=your-key-here', ...whole.slice(1)];

test('a placeholder in the file is no setting, and nothing is done without it', async (context) => {
  const { file, said } = await setUpWith(context, withPlaceholder, null);
  expect(said).toContain('In it, GEMINI_API_KEY holds a placeholder;');
  expect(said).not.toMatch(/Nothing to write|Next:/);
  expect(missingSettings(file.values()).map(({ name }) => name)).toEqual(['GEMINI_API_KEY']);
});

test('a person is asked for what is wrong in the file', async (context) => {
  const { path, said } = await setUpWith(context, withPlaceholder, new Person({ 'GEMINI_API_KEY (not sh': geminiKey }));
  expect(readFileSync(path, 'utf8')).toContain(`GEMINI_API_KEY=${geminiKey}\n`);
  expect(said).toMatch(/Empty leaves it as it is\.[^]*Next: npm run doctor/);
});

test('what a person leaves out is named when the rest is written', async (context) => {
  const { said } = await setUpWith(context, whole.slice(1), new Person({ PUBLIC_URL: 'https://voice.parley.dev' }));
  expect(said).toMatch(
    /Written[^]*Without GEMINI_API_KEY no real call is answered: npm run setup asks for that again\./,
  );
  expect(said).not.toContain('Next:');
});

// Five wrong tries ended the set-up, and the three right answers before them were to be typed again.
test('what was right is kept when a person has no right value for one setting', async (context) => {
  const answers = {
    'GEMINI_API_KEY (not sh': geminiKey,
    TWILIO_ACCOUNT_SID: accountSid,
    'TWILIO_AUTH_TOKEN (not sh': authToken,
    PUBLIC_URL: 'not an address',
  };
  const { path, said } = await setUpWith(context, [], new Person(answers));
  expect(said).toContain('PUBLIC_URL was not right 5 times, so it is left out. The other answers are kept.');
  expect(said).toMatch(/Written[^]*Without PUBLIC_URL no real call is answered: npm run setup asks for that again\./);
  expect(readFileSync(path, 'utf8').trim().split('\n').toSorted()).toEqual(whole.slice(0, 3).toSorted());
});

test('a token in the place of another setting is not shown', async (context) => {
  const lines = whole.map((line) => (line.startsWith('TWILIO_ACCOUNT_SID') ? `TWILIO_ACCOUNT_SID=${authToken}` : line));
  const { said } = await setUpWith(context, lines, new Person({ TWILIO_ACCOUNT_SID: accountSid }));
  expect(said).toContain('TWILIO_ACCOUNT_SID is an auth token of Twilio');
  expect(said).toContain('TWILIO_ACCOUNT_SID=(32 characters, not shown) → TWILIO_ACCOUNT_SID=AC');
  expect(said).not.toContain(authToken);
});

test('what is doubtful in the file is kept, and said with what replaces it', async (context) => {
  const { said } = await setUpWith(context, ['GEMINI_API_KEY=abcde', ...whole.slice(1)], null);
  expect(said).toMatch(/^In it, GEMINI_API_KEY does not look .* --set GEMINI_API_KEY=… replaces it\.$/m);
  expect(said).toContain('Nothing to write.');
});

/** Types these answers where a question begins so, nothing elsewhere, and lets the settings be written. */
class Person implements Asker {
  readonly #answers: Readonly<Record<string, string>>;

  constructor(answers: Readonly<Record<string, string>>) {
    this.#answers = answers;
  }

  async ask(question: string): Promise<string> {
    return Object.entries(this.#answers).find(([start]) => question.startsWith(start))?.[1] ?? '';
  }

  async askSecret(question: string): Promise<string> {
    return this.ask(question);
  }

  async confirm(question: string): Promise<boolean> {
    return question === 'Write that?';
  }

  async confirmSecret(): Promise<boolean> {
    return false;
  }
}

async function setUpWith(context: TestContext, lines: readonly string[], asker: Asker | null) {
  const folder = temporaryFolder(context, { '.env': `${lines.join('\n')}\n` });
  const path = join(folder, '.env');
  const file = new SettingsFile(path);
  const said: string[] = [];
  await setUp({
    given: new Map(),
    number: null,
    fallbackUrl: null,
    isAgreed: false,
    asker,
    file,
    undoFile: new UndoFile(join(folder, 'undo.json')),
    path: '',
    say: (line) => said.push(line),
  });
  return { file, path, said: said.join('\n') };
}
