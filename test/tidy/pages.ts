import { posix } from 'node:path';
import { pagePackages, sharedSources } from '../../src/console/door/files/shared-sources.ts';
import { codeOf, importsOf, type Source } from './rules.ts';

const packages: readonly string[] = pagePackages;

const forbidden: readonly (readonly [RegExp, string])[] = [
  // What was spoken is text and nothing else.
  [/\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|srcdoc)\b|\bdocument\.write/, 'writes HTML'],
  [/\beval\b|\bnew Function\b/, 'runs text'],
  [/\bprocess\.|\b(?:Buffer|require|globalThis)\b/, 'knows Node'],
  [/\bas (?!const\b)/, 'asserts a type'],
];

/** Everything that is untidy in a script of a page, whose path begins with `web/`, one sentence each. */
export function untidyPages({ path, text }: Source): string[] {
  const code = codeOf(text).replaceAll(/^import\b[^;]*;$/gm, '');
  const said = forbidden.filter(([pattern]) => pattern.test(code)).map(([, what]) => what);
  const imports = importsOf(text).flatMap(({ name, isType }) => {
    const target = name.startsWith('.') ? posix.join(posix.dirname(path), name) : name;
    const isOwn = target.startsWith(`${posix.dirname(path).split('/').slice(0, 2).join('/')}/`);
    const isShared = target.startsWith('web/shared/') || packages.includes(target) || sharedSources.has(target);
    return isOwn || isShared || (isType && target.startsWith('src/')) ? [] : [`may not import ${target}`];
  });
  return [...said, ...imports].map((what) => `${path} ${what}`);
}
