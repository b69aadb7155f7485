import { expect, test } from 'vitest';
import { MalformedXml, parseXml } from '../../../../src/sim/carrier/twiml/xml.ts';

test('a document is read with its attributes, text and characters', () => {
  const { version, root } = parseXml(
    `<?xml version="1.0" encoding="UTF-8"?>
    <!-- greeting --><Response><Say voice='a "b"' loop = "2">Salt &amp; &#80;epper &#x2713;<![CDATA[ <raw> ]]></Say><Hangup/></Response>\n`,
  );

  expect(version).toBe('1.0');
  expect(root).toEqual({
    name: 'Response',
    attributes: new Map(),
    children: [
      {
        name: 'Say',
        attributes: new Map([
          ['voice', 'a "b"'],
          ['loop', '2'],
        ]),
        children: ['Salt & Pepper ✓', ' <raw> '],
      },
      { name: 'Hangup', attributes: new Map(), children: [] },
    ],
  });
});

test.each([
  ['an empty text', ''],
  ['text only', 'Hello'],
  ['two roots', '<a/><b/>'],
  ['text beside the root', '<a/>b'],
  ['an open element', '<a><b></b>'],
  ['a wrong end', '<a><b></a></b>'],
  ['an end too many', '<a/></a>'],
  ['an unknown reference', '<a>&nbsp;</a>'],
  ['a bare ampersand', '<a>salt & pepper</a>'],
  ['an attribute without quotes', '<a b=c/>'],
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['a document type', '<!DOCTYPE a><a/>'],
  ['a comment with two hyphens', '<a><!-- b -- c --></a>'],
  ['a declaration that is not first', '<a/><?xml version="1.0"?>'],
  ['a character beyond Unicode', '<a>&#x110000;</a>'],
])('%s is not well-formed', (_what, source) => {
  expect(() => parseXml(source)).toThrow(MalformedXml);
});
