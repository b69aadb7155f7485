import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A line of `.dockerignore`. */
interface IgnoreRule {
  readonly pattern: string;
  readonly regExp: RegExp;
  /** The line begins with `!`: matching files are included. */
  readonly lets: boolean;
}

/** The paths of all files that `.dockerignore` lets into the build, relative to the folder and in order. */
export function contextFiles(folder: string, ignoreText: string): string[] {
  const rules = readRules(ignoreText);
  const filesBelow = (path: string): string[] =>
    readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) => {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (!entry.isDirectory()) return isLetIn(below, rules) ? [below] : [];
      return mayHoldFiles(below, rules) ? filesBelow(below) : [];
    });
  return filesBelow('').toSorted();
}

function readRules(text: string): IgnoreRule[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const pattern = line.replace(/^!/, '').replaceAll(/^\/|\/$/g, '');
      return { pattern, regExp: regExpOf(pattern), lets: line.startsWith('!') };
    });
}

/** Docker's stars take in hidden files too, which those of `matchesGlob` in Node do not. */
function regExpOf(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|\*\*|[*?]|[^\w/]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

/** The last rule that fits a path or a folder above it decides. */
function isLetIn(path: string, rules: readonly IgnoreRule[]): boolean {
  return rules.findLast(({ regExp }) => fits(regExp, path))?.lets ?? true;
}

/** Saves a walk through `node_modules`. */
function mayHoldFiles(path: string, rules: readonly IgnoreRule[]): boolean {
  return isLetIn(path, rules) || rules.some(({ pattern, lets }) => lets && mayFitBelow(pattern, path));
}

function mayFitBelow(pattern: string, path: string): boolean {
  return pattern.startsWith(`${path}/`) || pattern.includes('*');
}

function fits(regExp: RegExp, path: string): boolean {
  const parts = path.split('/');
  return parts.some((_, index) => regExp.test(parts.slice(0, index + 1).join('/')));
}
