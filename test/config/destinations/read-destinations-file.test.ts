import { expect, test } from 'vitest';
import { usualAnnouncement } from '../../../src/call/phone/destination.ts';
import { readDestinationsFile } from '../../../src/config/destinations/read-destinations-file.ts';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { settingPath } from '../../../src/config/package-folder.ts';
import { problemsOf } from '../problems.ts';

const means = {
  country: null,
  accept: 'press1',
  announcement: usualAnnouncement,
  takesMessages: false,
  readHours: () => ({ problem: 'has no times.' }),
} as const;

function problemsIn(text: string): readonly string[] {
  const read = readDestinationsFile('people.yaml', text, means);
  return 'problems' in read ? read.problems : [];
}

test('destinations may stand in a YAML or JSON file', () => {
  const yaml = `
# Who takes calls over.
sales: 01 2345678 ext. 42
support:
  to:
    - "+43 1 2345679"
    - { to: sip:desk@pbx.example.com, ring_seconds: 10 }
  accept: none
`;
  const files = new Map([
    [settingPath('people.yaml'), yaml],
    ['/etc/people.json', '{ "sales": "+43 1 2345678x42" }'],
  ]);
  const read = (TRANSFER_DESTINATIONS_FILE: string) =>
    loadConfig({ TRANSFER_DESTINATIONS_FILE, PHONE_COUNTRY: 'AT' }, (path) => files.get(path) ?? '')
      .transferDestinations;
  const sales = { targets: [{ address: '+4312345678', digits: 'ww42' }] };
  expect([...read('people.yaml')]).toMatchObject([
    ['sales', sales],
    ['support', { accept: 'none', targets: [{ address: '+4312345679' }, { kind: 'sip', ringSeconds: 10 }] }],
  ]);
  expect([...read('/etc/people.json')]).toMatchObject([['sales', sales]]);
});

test('what is wrong with the file is told with line and field, all at once, and without a number', () => {
  const form = `
support:
  ringseconds: 20
  to: []
  accept: nobody
sales: [1]
`;
  expect(problemsIn(form)).toEqual([
    'people.yaml:4:3 support.to is too small; it wants at least 1 entry.',
    'people.yaml:5:3 support.accept is "nobody"; it wants one of press-1, none.',
    'people.yaml:3:3 support.ringseconds is not known here; did you mean ring_seconds.',
    'people.yaml:6:1 sales is a list; it wants a text or a map of names and values.',
  ]);
  const numbers = `support: { to: ["+43 1 2345678", "112"], hours: always, after_hours: nowhere }
Sales: "2345678"
`;
  const told = problemsIn(numbers);
  expect(told).toEqual([
    'people.yaml:1:34 support.to.1 is an emergency number, to which no caller may be sent; put the number of a person in its place.',
    'people.yaml:1:42 support.hours has no times.',
    'people.yaml:2:1 Sales has a wrong name; it wants small letters, digits and "-", a letter first.',
    'people.yaml:2:1 Sales lacks its country; write it with + and the country, such as +43 1 2345678, or set PHONE_COUNTRY.',
    'people.yaml:1:57 support.after_hours names "nowhere", which is no destination; it wants the name of another destination, voicemail or tell.',
  ]);
  expect(told.join()).not.toContain('2345678"');
});

test.for<[text: string, problem: string]>([
  ['- sales', 'people.yaml:1:1 the file is a list; it wants a map of names and values.'],
  ['# later', 'people.yaml:1:1 the file is empty; it wants a name and a number for each destination.'],
  // Every object has members of these names.
  ['sales: { to: "+43 1 2345678", constructor: 1 }', 'people.yaml:1:31 sales.constructor is not known here.'],
  ['sales: { to: "+43 1 2345678", __proto__: 1 }', 'people.yaml:1:31 sales.__proto__ is not known here.'],
  [
    'sales: 4312345678',
    'people.yaml:1:1 sales is a whole number; it wants a text or a map of names and values; put it in quotes.',
  ],
  [
    'destinations:\n  sales: +43 1 2345678',
    'people.yaml:1:1 destinations belongs in an agents file; leave it out here, and begin with the names of the destinations.',
  ],
  ['destinations: { ring_seconds: 20 }', 'people.yaml:1:1 destinations.to is missing.'],
  [
    'sales: a: b',
    'people.yaml:1:8 the file holds a second ":"; put the value in quotes, or indent what belongs to it in the next line.',
  ],
])('a file of another form is refused: %s', ([text, problem]) => {
  expect(problemsIn(text)).toEqual([problem]);
});

test('a file that cannot be read, or beside the setting itself, is refused', () => {
  expect(problemsOf({ TRANSFER_DESTINATIONS_FILE: '/etc/people.yaml' }, missing)).toEqual([
    'TRANSFER_DESTINATIONS_FILE names /etc/people.yaml, which cannot be read: it does not exist.',
  ]);
  const both = { TRANSFER_DESTINATIONS_FILE: '/etc/people.yaml', TRANSFER_DESTINATIONS: 'a=+43 1 2345678' };
  expect(problemsOf(both, () => 'a: "+43 1 2345678"')).toEqual([
    'TRANSFER_DESTINATIONS and TRANSFER_DESTINATIONS_FILE are both set; only one of them can name the destinations.',
  ]);
});

test('a number that stands where a name belongs is not shown', () => {
  const swapped = `
"+43 1 2345678": sales
+43-1-2345679: { to: "112", after_hours: "+43 1 2345671" }
sip:desk@pbx.example.com: "112"
`;
  const told = problemsIn(swapped);
  expect(told).toHaveLength(7);
  expect(told).toContain('people.yaml:2:1 … has a wrong name; it wants small letters, digits and "-", a letter first.');
  expect(told).toContain(
    'people.yaml:3:29 ….after_hours names "…", which is no destination; it wants the name of another destination, voicemail or tell.',
  );
  expect(told.join()).not.toMatch(/234567[19]|"?\+43 1 2345678"|pbx/);
  expect(problemsIn('sales: { to: "112", accept: "+43 1 2345672", "01 2345673": 1 }')).toEqual([
    'people.yaml:1:21 sales.accept is "…"; it wants one of press-1, none.',
    'people.yaml:1:46 sales.… is not known here.',
  ]);
});

function missing(): string {
  throw Object.assign(new Error(), { code: 'ENOENT' });
}
