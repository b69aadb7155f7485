import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

import { afterEach, expect, test } from 'vitest';

import type { Tool } from '../../../src/tools/tool.ts';
import { httpKind } from '../../../src/lookups/http/http-kind.ts';
import { parseToolsFile } from '../../../src/lookups/tools-file/read-tools-file.ts';
import { toolContext } from '../../tools/tool-context.ts';
import { type Asked, startService, type ServiceHost } from '../../service-host.ts';

const services: { readonly close: () => unknown }[] = [];

afterEach(async () => {
  for (const each of services.splice(0)) await each.close();
});

/** What a tool has logged. */
let logged: { readonly event: string; readonly fields: unknown }[] = [];

test('an answer is told in the words of the file', async () => {
  const { port } = await service({ name: 'Graz', main: { temp: -3.5, sky: ['snow', 'fog'] }, note: null });
  const tool = await open(port, [
    'url: http://127.0.0.1:PORT/weather/{city}?units={units}',
    'answer: { say: "It is {main.temp} degrees in {name}, with {main.sky}." }',
  ]);
  const { response } = await tool.run({ city: 'Graz', units: 'metric' }, context());
  expect(response).toEqual({ status: 'found', result: 'It is -3.5 degrees in Graz, with snow and fog.' });
  expect(logged).toMatchObject([{ event: 'lookupAnswered', fields: { outcome: 'found', status: 200, tries: 1 } }]);
});

test('arguments are encoded by their place, and never leave it', async () => {
  const { port, asked } = await service({ ok: true });
  const tool = await open(port, [
    'url: http://127.0.0.1:PORT/a/{city}/b?u={units}',
    'query: { city: "{city}!", fixed: 7, none: "{gone}" }',
  ]);
  const nasty = `../x?y=z#f&g=h/%2e%2e\\ü "'+@:`;
  await tool.run({ city: nasty, units: nasty }, context());
  const [request] = asked;
  const url = new URL(request?.url ?? '', 'http://127.0.0.1');
  expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', nasty, 'b']);
  expect([...url.searchParams]).toEqual([
    ['u', nasty],
    ['city', `${nasty}!`],
    ['fixed', '7'],
  ]);
});

test('half of a sign is sent as a sign that stands for it', async () => {
  const { port, asked } = await service({});
  const tool = await open(port, ['url: http://127.0.0.1:PORT/{city}?u={units}']);
  await tool.run({ city: '\ud800', units: 'a\udc00' }, context());
  expect(asked.map(({ url }) => url)).toEqual(['/%EF%BF%BD?u=a%EF%BF%BD']);
});

test.each(['.', '..'])('"%s" is refused in a path, where it would climb out of its place', async (city) => {
  const { port, asked } = await service({});
  const tool = await open(port, ['url: http://127.0.0.1:PORT/a/{city}/{units}']);
  await expect(tool.run({ city, units: 'x' }, context())).rejects.toMatchObject({ code: 'tool.argumentsInvalid' });
  expect(asked).toEqual([]);
});

test.each(['%2e', '%2E%2e', '...'])(
  '"%s" is a value like any other, since a percent sign of the model stays one',
  async (city) => {
    const { port, asked } = await service({});
    const tool = await open(port, ['url: http://127.0.0.1:PORT/a/{city}/{units}']);
    await tool.run({ city, units: 'x' }, context());
    expect(asked.map(({ url }) => url)).toEqual([`/a/${encodeURIComponent(city)}/x`]);
  },
);

test.each([
  [
    'json: { city: "{city}", list: ["{units}", 1], note: "for {city}", gone: "{gone}" }',
    'application/json',
    '{"city":"a\\"b","list":["c&d",1],"note":"for a\\"b"}',
  ],
  [
    'form: { city: "{city}", u: "x {units}", gone: "{gone}" }',
    'application/x-www-form-urlencoded',
    'city=a%22b&u=x+c%26d',
  ],
  ['{ text: "<city>{city}</city> {units}" }', 'text/plain', '<city>a"b</city> c&d'],
  [
    '{ text: "<city>{city}</city> {units}", type: text/xml; charset=utf-8 }',
    'text/xml; charset=utf-8',
    '<city>a&#34;b</city> c&#38;d',
  ],
  [`{ text: '{"city":"{city}"}', type: application/vnd.api+json }`, 'application/vnd.api+json', '{"city":"a\\"b"}'],
  [
    '{ text: "u={units}&fixed=1", type: application/x-www-form-urlencoded }',
    'application/x-www-form-urlencoded',
    'u=c%26d&fixed=1',
  ],
])('a body %s is sent as %s', async (body, type, sent) => {
  const { port, asked } = await service({});
  const tool = await open(port, [
    'url: http://127.0.0.1:PORT/',
    'method: POST',
    'effect: read',
    body.startsWith('{') ? `body: ${body}` : `body: { ${body} }`,
    'query: { gone: "{gone}" }',
  ]);
  await tool.run({ city: 'a"b', units: 'c&d' }, context());
  expect(asked).toMatchObject([{ method: 'POST', headers: { 'content-type': type }, body: sent }]);
});

test('a write carries the key of its wish, and says what was done', async () => {
  const { port, asked } = await service({ id: 7 });
  const write = ['url: http://127.0.0.1:PORT/{city}?u={units}', 'method: POST', 'effect: write'];
  const say = 'answer: { say: "Booked as number {id}." }';
  const tool = await open(port, [...write, say]);
  const { response } = await tool.run({ city: 'a', units: 'b' }, context('CA1-wish'));
  expect([tool.effect, response]).toEqual(['write', { status: 'done', result: 'Booked as number 7.' }]);
  const other = await open(port, [...write, 'idempotency_header: X-Request-Id']);
  const none = await open(port, [...write, 'idempotency_header: "off"']);
  for (const each of [other, none]) await each.run({ city: 'a', units: 'b' }, context('CA1-wish'));
  expect(asked.map(({ headers }) => [headers['idempotency-key'], headers['x-request-id']])).toEqual([
    ['CA1-wish', undefined],
    [undefined, 'CA1-wish'],
    [undefined, undefined],
  ]);
});

test('several parts are told one by one, and not more than can be listened to', async () => {
  const slots = [9, 10, 11, 12].map((hour) => ({ hour, who: 'Dr. Berg' }));
  const { port } = await service({ slots });
  const url = 'url: http://127.0.0.1:PORT/{city}/{units}';
  const tool = await open(port, [url, 'answer: { path: "$.slots[*]", say: "{hour} with {who}.", at_most: 2 }']);
  expect(await answerOf(tool)).toEqual({
    status: 'found',
    result: '9 with Dr. Berg. 10 with Dr. Berg. There are 2 more.',
  });
  const hours = await open(port, [url, 'answer: { path: "$.slots[?@.hour > 10].hour" }']);
  expect(await answerOf(hours)).toEqual({ status: 'found', result: '11, 12' });
  const whole = await open(port, [url]);
  expect((await answerOf(whole))['result']).toMatch(/^slots: hour: 9; who: Dr\. Berg, hour: 10; .* and hour: 12;/);
  const empty = await open(port, [url, 'answer: { path: "$.slots[?@.hour > 20]" }', 'not_found: There is no slot.']);
  expect(await answerOf(empty)).toEqual({ status: 'not_found', retryable: false, message: 'There is no slot.' });
});

const packed = gzipSync(Buffer.alloc(50_000_000, 'a'), { level: 1 });

const failed = {
  status: 'failed',
  retryable: false,
  message: 'This cannot be looked up at the moment; tell the caller so, and do not guess.',
};

test.each<[string, (asked: Asked, response: ServerResponse) => void, unknown]>([
  ['500', (_asked, response) => response.writeHead(500).end('stack trace of alice@example.com'), { status: 500 }],
  ['403', (_asked, response) => response.writeHead(403).end('{"error":"no"}'), { status: 403 }],
  [
    'HTML',
    (_asked, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
    { status: 200, why: 'the answer is text/html' },
  ],
  [
    'garbage',
    (_asked, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a": '),
    { status: 200, why: 'the answer is application/json' },
  ],
  [
    'nothing, and hangs up',
    (_asked, response) => response.destroy(),
    { why: expect.stringContaining('the connection failed') },
  ],
  [
    '50 MB',
    (_asked, response) => {
      const chunk = Buffer.alloc(100_000, 'a');
      const write = (left: number): void => {
        if (left > 0 && !response.destroyed) response.write(chunk, () => write(left - 1));
        else response.end();
      };
      write(500);
    },
    { why: '127.0.0.1 answered with more than 1000000 bytes.' },
  ],
  [
    '50 MB packed into 50 kB',
    (_asked, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
    },
    { why: '127.0.0.1 answered with more than 1000000 bytes.' },
  ],
  [
    'lists in lists without end',
    (_asked, response) => response.end('['.repeat(100_000) + ']'.repeat(100_000)),
    { status: 200, why: 'the answer is nested too deeply' },
  ],
  ['never', () => {}, { why: 'there was no answer in time' }],
  [
    'half an answer, and then never more',
    (_asked, response) => response.write('{"temp": '),
    { why: 'there was no answer in time' },
  ],
])('of a service that answers %s, the model is told in one sentence what it may say', async (name, answer, log) => {
  const host = await startService(answer);
  services.push(host);
  // Whatever does not wait for the end of its time has plenty of it.
  const timeMs = name.includes('never') ? 1_000 : 30_000;
  const tool = await open(host.port, [
    'url: http://127.0.0.1:PORT/{city}/{units}',
    `timeout_ms: ${timeMs}`,
    'retries: 0',
  ]);
  expect(await answerOf(tool)).toEqual(failed);
  expect(logged).toMatchObject([{ event: 'lookupAnswered', fields: { outcome: 'failed', ...Object(log) } }]);
  const shown = JSON.stringify(logged.map(({ fields }) => ({ ...Object(fields), pii: undefined })));
  expect(shown).not.toContain('alice');
});

test('a read is tried again after a fault, and not after an answer', async () => {
  let tries = 0;
  const host = await startService((_asked, response) => {
    tries += 1;
    if (tries === 1) response.destroy();
    else if (tries === 2) response.writeHead(503, { 'retry-after': '0' }).end();
    else response.end('"warm"');
  });
  services.push(host);
  const tool = await open(host.port, ['url: http://127.0.0.1:PORT/{city}/{units}', 'retries: 2']);
  expect(await answerOf(tool)).toEqual({ status: 'found', result: 'warm' });
  expect(logged.map(({ event }) => event)).toEqual(['lookupTriedAgain', 'lookupTriedAgain', 'lookupAnswered']);
});

test('a service that wants to be left alone for longer than the tool may take is left alone', async () => {
  const host = await startService((_asked, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
  services.push(host);
  const tool = await open(host.port, ['url: http://127.0.0.1:PORT/{city}/{units}', 'retries: 3']);
  expect(await answerOf(tool)).toEqual(failed);
  expect(host.asked).toHaveLength(1);
});

test('a write that is answered 500 may have been done: nobody knows, and it is not tried again', async () => {
  const host = await startService((_asked, response) => response.writeHead(500).end());
  services.push(host);
  const tool = await open(host.port, ['url: http://127.0.0.1:PORT/{city}/{units}', 'method: POST', 'effect: write']);
  await expect(answerOf(tool)).rejects.toMatchObject({ code: 'tool.outcomeUnknown' });
  expect(host.asked).toHaveLength(1);
});

test.each([
  [429, 'failed'],
  [409, 'refused'],
  [404, 'not_found'],
])('a write that is answered %i is %s, and is not tried again', async (code, status) => {
  const host = await startService((_asked, response) => response.writeHead(code).end());
  services.push(host);
  const tool = await open(host.port, ['url: http://127.0.0.1:PORT/{city}/{units}', 'method: POST', 'effect: write']);
  expect(await answerOf(tool)).toMatchObject({ status, retryable: false });
  expect(host.asked).toHaveLength(1);
});

// To read what was answered ran out of stack, which counted as a connection that broke: nobody knew any more what had been done.
test('a write that is answered 200 is done, whatever stands in the answer', async () => {
  const host = await startService((_asked, response) =>
    response.end('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)),
  );
  services.push(host);
  const tool = await open(host.port, ['url: http://127.0.0.1:PORT/{city}/{units}', 'method: POST', 'effect: write']);
  expect(await answerOf(tool)).toMatchObject({ status: 'done' });
});

test('a write whose connection breaks may have been done, and one that reached nobody was not', async () => {
  const host = await startService((_asked, response) => response.destroy());
  const write = ['url: http://127.0.0.1:PORT/{city}/{units}', 'method: POST', 'effect: write'];
  const broken = await open(host.port, write);
  await expect(answerOf(broken)).rejects.toMatchObject({ code: 'tool.outcomeUnknown' });
  host.close();
  expect(await answerOf(broken)).toMatchObject({ status: 'failed' });
});

// Parley's own refusal counted as a service that had not said what it did, so callers heard that nobody knew.
test('a write whose address may not be reached was not done', async () => {
  const write = [
    'hosts: [localhost:8443]',
    'url: https://localhost:8443/{city}/{units}',
    'method: POST',
    'effect: write',
  ];
  expect(await answerOf(await open(8443, write))).toMatchObject({ status: 'failed' });
  expect(logged).toMatchObject([{ fields: { outcome: 'failed', why: expect.stringContaining('localhost is at') } }]);
});

// The first server had it. A second one that took no connection made it "not done", and the caller would have booked twice.
test('a write whose server leads on to where nobody is reached may have been done', async () => {
  const away = await startService((_asked, response) => response.end());
  away.close();
  let location = '';
  const host = await startService((_asked, response) => response.writeHead(303, { location }).end());
  services.push(host);
  const hosts = `hosts: [{ host: "127.0.0.1:${away.port}", allow_private: true }]`;
  const write = ['url: http://127.0.0.1:PORT/{city}/{units}', 'method: POST', 'effect: write'];
  const tool = await open(host.port, [hosts, ...write]);
  for (location of ['https://elsewhere.test/', `http://127.0.0.1:${away.port}/`])
    await expect(answerOf(tool)).rejects.toMatchObject({ code: 'tool.outcomeUnknown' });
  expect(logged).toMatchObject([
    { fields: { why: 'elsewhere.test is not among the hosts that are allowed.' } },
    { fields: { why: 'the connection failed (ECONNREFUSED)' } },
  ]);
});

test('the same question is asked once as long as its answer is kept', async () => {
  const host = await service({ temp: 3 });
  const tool = await open(host.port, ['url: http://127.0.0.1:PORT/{city}/{units}', 'cache_seconds: 60']);
  for (const city of ['a', 'a', 'b', 'a']) await tool.run({ city, units: 'x' }, context());
  expect(host.asked.map(({ url }) => url)).toEqual(['/a/x', '/b/x']);
});

test('a secret stands in the request, and neither in the log nor in what the model is told', async () => {
  const echo = await startService(({ headers, url }, response) => {
    const isFault = url.includes('fault');
    response.writeHead(isFault ? 400 : 200).end(JSON.stringify({ headers, url }));
  });
  services.push(echo);
  const tool = await open(
    echo.port,
    ['url: http://127.0.0.1:PORT/{city}/{units}', 'headers: { X-Key: "key ${API_KEY}" }', 'query: { k: "${API_KEY}" }'],
    { API_KEY: 's3cr3t-value' },
  );
  const told = await answerOf(tool);
  await tool.run({ city: 'fault', units: 'x' }, context());
  expect(echo.asked).toMatchObject([
    { headers: { 'x-key': 'key s3cr3t-value' }, url: '/Graz/metric?k=s3cr3t-value' },
    {},
  ]);
  expect(String(told['result'])).toContain('key ***');
  expect(JSON.stringify([told, logged])).not.toContain('s3cr3t');
});

test('a secret is taken out before an answer is cut, which could leave half of it', async () => {
  const secret = 's3cr3t-of-the-service';
  const { port } = await service({ told: 'x'.repeat(3_985 - 'told: '.length) + secret });
  const entry = ['url: http://127.0.0.1:PORT/{city}', 'query: { key: "${KEY}" }'];
  const response = await answerOf(await open(port, entry, { KEY: secret }));
  expect(response['result']).toMatch(/x\*\*\*$/);
});

async function service(json: unknown): Promise<ServiceHost> {
  const host = await startService((_asked, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  services.push(host);
  return host;
}

/** The tool that an entry of a tools file makes. `PORT` is that of the service. */
async function open(port: number, entry: readonly string[], env: Record<string, string> = {}): Promise<Tool> {
  const uses = (name: string): boolean => entry.some((line) => line.includes(`{${name}}`));
  const parameters = ['city', 'units', 'gone']
    .filter(uses)
    .map((name) => `      ${name}: { type: text, description: It., optional: ${name === 'gone'} }`);
  const text = [
    `hosts: [{ host: "127.0.0.1:${port}", allow_private: true }]`,
    'tools:',
    '  it:',
    '    kind: http',
    '    description: It.',
    '    parameters:',
    ...parameters,
    ...entry.map((line) => `    ${line.replace('PORT', String(port))}`),
  ].join('\n');
  const { tools, problems } = parseToolsFile(text, { env });
  expect(problems).toEqual([]);
  const [declared] = tools;
  if (declared === undefined) throw new TypeError('The file declares no tool.');
  const opened = await httpKind.open(declared.options, httpKind.fields.parse(declared.fields), {
    path: (named) => named,
    log: () => {},
    offer: () => {},
  });
  services.push(opened);
  const [tool] = opened.tools;
  if (tool === undefined) throw new TypeError('There is no tool.');
  logged = [];
  return tool;
}

function context(key = 'CA1-1') {
  return toolContext({ key, log: (event, fields) => logged.push({ event, fields }) });
}

async function answerOf(tool: Tool) {
  return (await tool.run({ city: 'Graz', units: 'metric' }, context())).response;
}
