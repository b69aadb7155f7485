import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { environment } from '../../src/config/environment.ts';
import { timeZoneWarnings } from '../../src/config/context-variables.ts';
import { problemsOf } from './problems.ts';

describe('hours and context that cannot be meant', () => {
  test.for([
    [{ TIME_ZONE: 'Vienna' }, 'TIME_ZONE is "Vienna", which is no time zone; did you mean Europe/Vienna?'],
    [{ TIME_ZONE: 'New York' }, 'TIME_ZONE is "New York", which is no time zone; did you mean America/New_York?'],
    [
      { TIME_ZONE: 'Europe/Berlim' },
      'TIME_ZONE is "Europe/Berlim", which is no time zone; did you mean Europe/Berlin?',
    ],
    [
      { TIME_ZONE: '+01:00' },
      'TIME_ZONE is "+01:00", which is no time zone; it wants a zone such as Europe/Vienna or America/New_York.',
    ],
    [{ BUSINESS_HOURS: 'Mon-Fri 9-5' }, /^BUSINESS_HOURS has a wrong entry 1: it has "9-5", which would last 20 hours/],
    [{ HOLIDAYS: '24.12.' }, /^HOLIDAYS has a wrong entry 1: it begins with no date \("24\.12\."\)/],
    [
      { HOLIDAYS: '12-25', HOLIDAYS_FILE: 'days.txt' },
      'HOLIDAYS and HOLIDAYS_FILE are both set; only one of them can name the days.',
    ],
    [{ CONTEXT_DEFAULTS: 'date=x' }, 'CONTEXT_DEFAULTS for "date" is filled by every call itself; take another name.'],
    [{ CONTEXT_WEBHOOK: 'https://a.example/x' }, /^CONTEXT_DEFAULTS is missing; CONTEXT_WEBHOOK fills only the names/],
    [{ CONTEXT_WEBHOOK_SECRET: 'x' }, 'CONTEXT_WEBHOOK is missing; CONTEXT_WEBHOOK_SECRET alone signs nothing.'],
    [{ CONTEXT_WEBHOOK: 'http://a.example/x', CONTEXT_DEFAULTS: 'a=b' }, /^CONTEXT_WEBHOOK is not encrypted; it wants/],
    [{ CONTEXT_WEBHOOK: 'ftp://localhost/x', CONTEXT_DEFAULTS: 'a=b' }, /^CONTEXT_WEBHOOK is not encrypted; it wants/],
    [
      { CONTEXT_WEBHOOK: 'https://u:pass-word@a.example/', CONTEXT_DEFAULTS: 'a=b' },
      /^CONTEXT_WEBHOOK holds a user name/,
    ],
    [{ CONTEXT_WEBHOOK: 'crm', CONTEXT_DEFAULTS: 'a=b' }, /^CONTEXT_WEBHOOK is not an address; it wants/],
    [
      { AGENT_GREETING: 'Hi {{custmer}}!', CONTEXT_DEFAULTS: 'customer=you' },
      'AGENT_GREETING holds {{custmer}}, which nothing fills; did you mean {{customer}}?',
    ],
    [{ AGENT_PROMPT: 'Line\nTwo {{open}}' }, 'AGENT_PROMPT holds {{open}} in line 2, which wants BUSINESS_HOURS.'],
    // For callers of whose calls nothing is known.
    [
      { AGENT_APOLOGY: 'Sorry, {{caller_number}}' },
      /^AGENT_APOLOGY holds \{\{caller_number\}\}, which this text cannot have; take \{\{agent\}\}, or declare/,
    ],
  ] as const)('%o', ([env, problem]) => {
    const problems = problemsOf(env, () => '12-25');
    expect(problems).toHaveLength(1);
    const start = typeof problem === 'string' ? problem : (problem.exec(problems[0] ?? '')?.[0] ?? 'another problem');
    expect(problems[0]?.slice(0, start.length)).toBe(start);
  });

  test('stand with their lines when a file holds them', () => {
    const files = new Map([
      ['prompt.txt', 'You help.\nIt is {{tme}}.'],
      ['days.txt', '12-25 closed\n\n# later\n31.12. closed'],
    ]);
    const readTextFile = (path: string): string => files.get(path.split('/').at(-1) ?? '') ?? '';
    const problems = problemsOf({ AGENT_PROMPT_FILE: 'prompt.txt', HOLIDAYS_FILE: 'days.txt' }, readTextFile);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^HOLIDAYS_FILE names .*days\.txt, which has a wrong line 4: it begins with no date/);
    expect(problems[1]).toBe('AGENT_PROMPT_FILE holds {{tme}} in line 2, which nothing fills; did you mean {{time}}?');
  });
});

test('hours in a zone that nobody chose are warned of where that is UTC', () => {
  const values = environment.parse({ BUSINESS_HOURS: 'Mon 9-12' });
  expect(timeZoneWarnings(values, 'UTC')).toHaveLength(1);
  expect(timeZoneWarnings(values, 'Etc/UTC')).toHaveLength(1);
  expect(timeZoneWarnings(values, 'Europe/Vienna')).toEqual([]);
  expect(timeZoneWarnings(environment.parse({ BUSINESS_HOURS: 'Mon 9-12', TIME_ZONE: 'UTC' }), 'UTC')).toEqual([]);
  expect(timeZoneWarnings(environment.parse({}), 'UTC')).toEqual([]);
});

test('a webhook on this machine needs no encryption', () => {
  const env = { CONTEXT_WEBHOOK: 'http://127.0.0.1:9000/call', CONTEXT_DEFAULTS: 'a=b' };
  expect(loadConfig(env).contextWebhook).toEqual({ url: 'http://127.0.0.1:9000/call', secret: null });
});

test('a webhook wants names that it fills, which an agents file may declare', () => {
  const env = { CONTEXT_WEBHOOK: 'http://127.0.0.1:9000/call', AGENTS_FILE: 'agents.yaml' };
  expect(problemsOf(env)).toEqual([]);
});
