import { brotliCompressSync, gzipSync } from 'node:zlib';
import { paths } from '../../../src/twilio/paths.ts';
import { signatureOf, siegeOrigin } from '../siege-account.ts';
import { siegeKinds } from '../siege-kind.ts';
import { formText, requestText } from './http-text.ts';

/** Just below what a form may have. */
const formChars = 60_000;

/** Fewer fields than a parser of forms gives up at. */
const fieldsMax = 900;

/** Fields with short names, as many as fit. */
const manyFields = Array.from({ length: formChars / 6 }, (_, at) => at.toString(36).padStart(4, '0')).join('=&');

/** What a captured webhook of a call looks like, with the signature that Twilio gave it. */
const captured = { AccountSid: `AC${'5'.repeat(32)}`, CallSid: `CA${'6'.repeat(32)}`, CallStatus: 'completed' };

/** What anybody may send to the port, in one whole request. */
export const requestKinds = siegeKinds({
  'form-of-many-fields': (ground) => ground.every(100, () => ground.send(formText(paths.voice, manyFields))),

  'form-with-one-long-name': (ground) => {
    const bytes = formText(paths.status, `${'name'.repeat(formChars / 4)}=1`);
    return ground.every(100, () => ground.send(bytes));
  },

  'form-without-end': (ground) => {
    const bytes = formText(paths.voice, 'a=1&'.repeat(500_000));
    return ground.every(10, () => ground.send(bytes));
  },

  'form-of-broken-escapes': (ground) => {
    const bytes = formText(paths.voice, '%=%zz%u1234%f0%9f%%%%%&'.repeat(fieldsMax));
    return ground.every(100, () => ground.send(bytes));
  },

  'deep-json': (ground) => {
    const bytes = requestText(
      `POST ${paths.voice}`,
      ['content-type: application/json'],
      '['.repeat(formChars / 2) + ']'.repeat(formChars / 2),
    );
    return ground.every(100, () => ground.send(bytes));
  },

  'json-as-a-form': (ground) => {
    const members = Array.from({ length: fieldsMax }, (_, at) => [`+1555${at}`, 'Ada & Nwosu']);
    const bytes = formText(paths.voice, JSON.stringify(Object.fromEntries(members)));
    return ground.every(100, () => ground.send(bytes));
  },

  'gzip-bomb': (ground) => {
    const bytes = formText(paths.voice, gzipSync('a'.repeat(60_000_000)), ['content-encoding: gzip']);
    return ground.every(20, () => ground.send(bytes));
  },

  'a-zipped-name': (ground) => {
    // Each of its characters stands in JSON as six.
    const bytes = formText(paths.voice, gzipSync('\0'.repeat(formChars)), ['content-encoding: gzip']);
    return ground.every(100, () => ground.send(bytes));
  },

  'brotli-of-fields': (ground) => {
    const bytes = formText(paths.voice, brotliCompressSync(`${'field='.repeat(10)}&`.repeat(fieldsMax)), [
      'content-encoding: br',
    ]);
    return ground.every(100, () => ground.send(bytes));
  },

  'unknown-charset': (ground) => {
    const type = 'content-type: application/x-www-form-urlencoded; charset=utf-7';
    const bytes = requestText(`POST ${paths.voice}`, [type], 'From=+AGE-');
    return ground.every(200, () => ground.send(bytes));
  },

  'one-huge-header': (ground) => {
    const bytes = formText(paths.voice, 'a=1', [`x-twilio-signature: ${'A'.repeat(100_000)}`]);
    return ground.every(100, () => ground.send(bytes));
  },

  'thousands-of-headers': (ground) => {
    const bytes = formText(
      paths.voice,
      'a=1',
      Array.from({ length: 3_000 }, (_, at) => `x${at}: 1`),
    );
    return ground.every(100, () => ground.send(bytes));
  },

  'long-path': (ground) => {
    const bytes = requestText(`GET ${paths.voice}${'/..;/%2e'.repeat(1_500)}`);
    return ground.every(200, () => ground.send(bytes));
  },

  'query-of-many-names': (ground) => {
    const query = Array.from({ length: 2_000 }, (_, at) => `a[${at}]`).join('&');
    const bytes = formText(`${paths.streamEnded}?stream=1&${query}`, 'a=1');
    return ground.every(200, () => ground.send(bytes));
  },

  'routes-that-scanners-try': (ground) => {
    const routes = ['/.env', '/wp-login.php', '/twilio/voice/../../etc/passwd', '/%00', '//evil.example/', '/twilio'];
    return ground.every(300, (count) => ground.send(requestText(`GET ${routes[count % routes.length]}`)));
  },

  'odd-methods': (ground) => {
    const methods = ['TRACE', 'DELETE', 'PROPFIND', 'OPTIONS', 'CONNECT', 'M-SEARCH', 'BREW'];
    return ground.every(300, (count) => ground.send(requestText(`${methods[count % methods.length]} ${paths.voice}`)));
  },

  'health-checks': (ground) =>
    ground.every(400, (count) => ground.send(requestText(count % 2 === 0 ? 'GET /healthz' : 'GET /readyz'))),

  'forged-signatures': (ground) => {
    const form = new URLSearchParams({ ...captured, CallStatus: 'ringing' }).toString();
    return ground.every(300, (count) => {
      const forged = signatureOf(`${siegeOrigin}${paths.voice}`, { count: String(count) });
      ground.send(formText(paths.voice, form, [`x-twilio-signature: ${forged}`]));
    });
  },

  'replayed-webhook': (ground) => {
    const signed = `x-twilio-signature: ${signatureOf(siegeOrigin + paths.status, captured)}`;
    const bytes = formText(paths.status, new URLSearchParams(captured).toString(), [signed]);
    return ground.every(300, () => ground.send(bytes));
  },

  'two-lengths': (ground) => {
    const headers = ['content-length: 4', 'transfer-encoding: chunked'];
    const bytes = requestText(`POST ${paths.voice}`, headers, `0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n`);
    return ground.every(200, () => ground.send(bytes));
  },

  'tiny-chunks': (ground) => {
    const chunks = `1;${'x'.repeat(60)}\r\na\r\n`.repeat(1_000);
    const bytes = formText(paths.voice, `${chunks}0\r\ntrailer: 1\r\n\r\n`, ['transfer-encoding: chunked']);
    return ground.every(50, () => ground.send(bytes));
  },

  'expects-to-continue': (ground) => {
    const bytes = formText(paths.voice, '', ['expect: 100-continue', 'content-length: 60000']);
    return ground.every(100, () => ground.send(bytes));
  },
});
