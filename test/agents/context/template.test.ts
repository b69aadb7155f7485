import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  builtInNames,
  fillPlaceholders,
  type TemplateNames,
  templateProblems,
} from '../../../src/agents/context/template.ts';

const names: TemplateNames = {
  declared: ['customer', 'plan'],
  builtIn: builtInNames,
  declaredIn: 'CONTEXT_DEFAULTS',
  hasHours: false,
  hoursIn: 'BUSINESS_HOURS',
};

describe('placeholders', () => {
  test('are filled, with spaces or without', () => {
    const values = new Map([
      ['customer', 'Ann'],
      ['plan', 'gold'],
    ]);
    expect(fillPlaceholders('Hello {{customer}}, on {{ plan }}: {{other}}.', values)).toBe(
      'Hello Ann, on gold: {{other}}.',
    );
  });

  test('in a value stay as they are, and four braces stand for two', () => {
    const values = new Map([['customer', '{{plan}} {{{{ $& $1']]);
    expect(fillPlaceholders('{{customer}} {{{{plan}} }}', values)).toBe('{{plan}} {{{{ $& $1 {{plan}} }}');
  });

  test('leave every text without two braces as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('{{')),
        (text) => {
          expect(fillPlaceholders(text, new Map([['date', 'x']]))).toBe(text);
          expect(templateProblems(text, names)).toEqual([]);
        },
      ),
    );
  });

  test('with a value for each leave no text with a problem behind, and bring each value as it is', () => {
    const piece = fc.constantFrom('{{customer}}', '{{{{', '{', '}}', 'a', '{{ plan }}', '\n');
    fc.assert(
      fc.property(fc.array(piece), fc.string(), (pieces, value) => {
        const text = pieces.join('');
        if (templateProblems(text, names).length > 0) return;
        const filled = fillPlaceholders(
          text,
          new Map([
            ['customer', value],
            ['plan', ''],
          ]),
        );
        const expected = text
          .split(/(\{\{\{\{|\{\{\s*\w+\s*\}\})/)
          .map((part) => (part === '{{{{' ? '{{' : part === '{{customer}}' ? value : part === '{{ plan }}' ? '' : part))
          .join('');
        expect(filled).toBe(expected);
      }),
    );
  });

  test.for([
    ['Hi {{custmer}}', 'holds {{custmer}}, which nothing fills; did you mean {{customer}}?'],
    ['Hi {{Customer}}', 'holds {{Customer}}, which nothing fills; did you mean {{customer}}?'],
    ['a\nb {{tmie}}', 'holds {{tmie}} in line 2, which nothing fills; did you mean {{time}}?'],
    [
      '{{account-number}}',
      'holds {{account-number}}, which nothing fills; declare it in CONTEXT_DEFAULTS with a default',
    ],
    ['{{ }}', 'holds "{{", which begins no placeholder; write {{name}}, or {{{{ for two braces that shall stay.'],
    ['{{{customer}}}', 'holds "{{", which begins no placeholder'],
    ['{"a":{{"b":1}}', 'holds "{{", which begins no placeholder'],
    ['We are {{open}}', 'holds {{open}}, which wants BUSINESS_HOURS.'],
  ] as const)('that nothing fills are refused: %s', ([text, problem]) => {
    expect(templateProblems(text, names).join('\n')).toContain(problem);
  });

  test('may all be there, and each problem is told once', () => {
    const all = [...builtInNames, 'customer', 'plan'].map((name) => `{{${name}}}`).join(' ');
    expect(templateProblems(all, { ...names, hasHours: true })).toEqual([]);
    expect(templateProblems('{{x}} {{x}} {{y}}', names)).toHaveLength(2);
  });
});
