import { describe, expect, test } from 'vitest';

import { loadConfig } from '../../../src/config/load/load-config.ts';
import { parseEnvFile } from '../../../src/config/env-file/parse-env.ts';
import { envExample } from '../../../src/config/reference.ts';
import { ParleyError } from '../../../src/errors.ts';
import { inTheForm, inTheValues, key, real, token } from './mistakes.ts';

interface Said {
  readonly isRefused: boolean;
  readonly lines: readonly string[];
}

test.for([...inTheForm, ...inTheValues])('%s is named', ([, file, outcome, wanted]) => {
  const { isRefused, lines } = start(file);
  expect(lines).toContainEqual(expect.stringMatching(wanted));
  expect(isRefused ? 'refused' : 'warned').toBe(outcome);
  for (const secret of [token, key]) expect(lines.join('\n')).not.toContain(secret);
});

test('several mistakes are told in one answer, each once', () => {
  const { lines } = start(
    [
      'AGENT_PROMPT="Be kind.',
      'AGENT_VOICE=Nobody',
      // A public address wants both, and nobody says that they are missing.
      'PUBLIC_URL=https://voice.parley.dev',
      'TWILIO_AUTH_TOKEN=“abc”',
      'GEMINI_API_KEY=sk-ant-1',
      `TWILIO_ACCOUNT_SID=SK${token}`,
      'PORT',
      'AGENT_GRETING=Hello.',
    ].join('\n'),
  );
  expect(lines.map((line) => /(?:line \d+: )?\w+/.exec(line.replace('.env ', ''))?.[0])).toEqual([
    'line 1: AGENT_PROMPT',
    'line 4: TWILIO_AUTH_TOKEN',
    'line 7: this',
    'GEMINI_API_KEY',
    'TWILIO_ACCOUNT_SID',
    'AGENT_VOICE',
    'AGENT_GRETING',
  ]);
});

test('a file of another kind is told by its first lines and how many more there are', () => {
  const { lines } = start('# A page\n\nWith a line of prose.\n'.repeat(40_000));
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe('.env has 39980 more lines that cannot be read.');
  expect(start(' PORT = 1\r\n'.repeat(9)).lines[1]).toBe(
    '.env has spaces around "=" in lines 1, 2, 3, 4, 5 and 4 more; Parley reads past that, and other programs may not.',
  );
});

describe('a file without a mistake', () => {
  test.for([
    ['a real one', real, {}],
    [
      'with comments, spaces and empty lines',
      '# Settings\n\n  # of ours\n  AGENT_VOICE=Puck  \n',
      { AGENT_VOICE: 'Puck' },
    ],
    ['with a "#" in quotes', 'AGENT_GREETING="We are #1." # true', { AGENT_GREETING: 'We are #1.' }],
    [
      'with lines in quotes',
      'AGENT_PROMPT="Be kind.\n# Rules\n- Be short."',
      { AGENT_PROMPT: 'Be kind.\n# Rules\n- Be short.' },
    ],
    ['with "\\n" in quotes', 'AGENT_PROMPT="Be kind.\\nBe short."', { AGENT_PROMPT: 'Be kind.\nBe short.' }],
    ['with quotes of two kinds', `AGENT_GREETING='Say "hello".'`, { AGENT_GREETING: 'Say "hello".' }],
    ['with quotes of three kinds', 'AGENT_GREETING=`It\'s "me".`', { AGENT_GREETING: `It's "me".` }],
    ['with quotes inside', 'AGENT_GREETING=Say "hello", it\'s me.', { AGENT_GREETING: 'Say "hello", it\'s me.' }],
    ['with typographic quotes that are meant', 'AGENT_GREETING="“Hello.”"', { AGENT_GREETING: '“Hello.”' }],
    ['with "=" in a value', 'AGENT_GREETING=a=b', { AGENT_GREETING: 'a=b' }],
    ['with an empty value', 'AGENT_GREETING=\nAGENT_VOICE=', {}],
    ['with settings of libraries', 'HTTPS_PROXY=http://proxy:3128\nTZ=UTC\nNODE_ENV=production', { TZ: 'UTC' }],
  ] as const)('%s is read without a word', ([, text, wanted]) => {
    expect(start(text)).toEqual({ isRefused: false, lines: [] });
    const { values } = parseEnvFile(Buffer.from(text), '.env');
    for (const [name, value] of Object.entries(wanted)) expect(values.get(name)?.value).toBe(value);
  });

  test('such as .env.example says the same as no file', () => {
    const file = parseEnvFile(Buffer.from(envExample()), '.env');
    expect(loadConfig({}, undefined, file)).toEqual(loadConfig({}));
  });
});

/** What Parley says when it starts with such a file. */
function start(text: string | Uint8Array): Said {
  const file = parseEnvFile(typeof text === 'string' ? Buffer.from(text) : text, '.env');
  try {
    return { isRefused: false, lines: loadConfig({}, undefined, file).warnings };
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'config.invalid')
      return { isRefused: true, lines: error.message.split('\n') };
    throw error;
  }
}
