import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { cannotListen } from '../../src/system/listening-place.ts';

test('an address that this machine does not have is told in words, with the setting that mends it', async () => {
  // Nobody has it: it is for documentation alone (RFC 5737).
  const place = { host: '192.0.2.1', port: 8080, settings: { host: 'HOST', port: 'PORT' } };
  const [error] = await once(createServer().listen(place.port, place.host), 'error');
  expect(cannotListen(place, error)).toMatchObject({
    code: 'http.portTaken',
    message:
      'Cannot listen on 192.0.2.1:8080: this machine has no such address. Set HOST to one that it has, such as 127.0.0.1.',
  });
});

test.for([
  ['EADDRINUSE', 'something listens there already, perhaps another Parley. Stop it, or set ADMIN_PORT to another port'],
  ['EACCES', 'this user may not listen on that port. Set ADMIN_PORT to one above 1023'],
  ['ENOTFOUND', 'that name leads to no address. Set ADMIN_HOST to an address of this machine, such as 127.0.0.1'],
  ['EMFILE', 'listen EMFILE'],
])('%s is told as whoever sets the address can mend it', ([code, why]) => {
  const place = { host: 'box', port: 81, settings: { host: 'ADMIN_HOST', port: 'ADMIN_PORT' } };
  const error = Object.assign(new Error(`listen ${code}`), { code });
  expect(cannotListen(place, error).message).toBe(`Cannot listen on box:81: ${why}.`);
});
