import pg from 'pg';
import { expect, test } from 'vitest';

import { readPostgresAddress } from '../../../src/lookups/sql/postgres/postgres-address.ts';

/** How the driver would connect, and what the admin is warned of. */
function read(address: string) {
  const { connectionString, warnings } = readPostgresAddress(address, (named) => `/etc/parley/${named}`);
  // What the driver has made of it, its types do not know.
  const parameters: unknown = Reflect.get(new pg.Client({ connectionString }), 'connectionParameters');
  return { parameters, warnings };
}

const remedy = 'Add sslmode=verify-full to the address, and sslrootcert if its certificate is of your own authority.';

test.each([
  ['', false, [`The database at db.example.com is spoken to without encryption. ${remedy}`]],
  ['?sslmode=disable', false, [`The database at db.example.com is spoken to without encryption. ${remedy}`]],
  [
    '?sslmode=require',
    { rejectUnauthorized: false },
    [`With sslmode=require, nobody checks whether db.example.com is the database that is meant. ${remedy}`],
  ],
  ['?sslmode=verify-full', {}, []],
])('sslmode means what it means to psql: %s', (query, ssl, warnings) => {
  expect(read(`postgres://a:b@db.example.com/shop${query}`)).toMatchObject({ parameters: { ssl }, warnings });
});

test.each(['localhost', '127.0.0.1:5433', '[::1]', '%2Fvar%2Frun%2Fpostgresql'])('%s is this machine', (host) => {
  expect(read(`postgres://a:b@${host}/shop`).warnings).toEqual([]);
});

test('a certificate lies beside the tools file', () => {
  const address = 'postgres://a:b@db.example.com/shop?sslmode=verify-full&sslrootcert=own.pem';
  expect(() => read(address)).toThrow("ENOENT: no such file or directory, open '/etc/parley/own.pem'");
});
