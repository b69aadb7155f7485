import { expect, test } from 'vitest';
import { callFile, pageEntry } from '../../../src/console/recording/call-file.ts';
import { pageModules } from '../../../src/console/recording/page-modules.ts';

const timeline = {
  callSid: 'CA1"><script>',
  startedAt: null,
  durationMs: 0,
  agentMs: { heard: 0, cleared: 0 },
  why: null,
  endReason: null,
  missing: ['</script><script>alert(1)</script>'],
  speech: { caller: [], agent: [] },
  captions: [],
  waits: [],
  bars: [],
  events: [],
  usage: [],
  logLines: {},
};
const sound = { caller: new Uint8Array(800).fill(0x80), heard: new Uint8Array(), cleared: new Uint8Array() };

test('a page in one file holds the call as data, whatever was said, and asks nobody for anything', () => {
  const html = callFile(
    { timeline, sound },
    {
      modules: new Map([[pageEntry, "import { h } from 'preact';"]]),
      packages: new Map([['preact', 'export const h = 1;']]),
      styles: ['p { margin: 0 }'],
    },
  );
  // Six scripts are the page's own: the import map, the data, three lanes and the start.
  expect(html.split('<script').length - 1).toBe(6);
  expect(html).toContain('<title>Call CA1script</title>');
  const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(html) ?? [];
  expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-\S+' 'sha256-\S+' data:; style-src 'sha256-\S+';/);
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  const [, data = ''] = /id="call-timeline">(.*)<\/script>/.exec(html) ?? [];
  expect(JSON.parse(data)).toEqual(timeline);
});

test('modules name each other in full, so that they need no address', () => {
  const files: Readonly<Record<string, string>> = {
    'web/call/page.ts': "import { a } from './a.ts';\nimport { b } from '../shared/b.ts';\nimport { h } from 'preact';",
    'web/call/a.ts': "import { b } from '../shared/b.ts';\nexport const a = b;",
    'web/shared/b.ts': 'export const b = 1;',
  };
  const modules = pageModules('web/call/page.ts', (path) => files[path] ?? '');
  expect(Object.fromEntries(modules)).toEqual({
    'web/call/page.ts':
      "import { a } from 'parley/web/call/a.ts';\nimport { b } from 'parley/web/shared/b.ts';\nimport { h } from 'preact';",
    'web/call/a.ts': "import { b } from 'parley/web/shared/b.ts';\nexport const a = b;",
    'web/shared/b.ts': 'export const b = 1;',
  });
});
