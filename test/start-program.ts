import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type JsonObject, parseJson } from '../src/encoding/json.ts';
import { compileCache } from './compile-cache.ts';

export type Program = ChildProcessByStdio<null, Readable, Readable>;

/** Starts the program with nothing but these settings in its environment, here or in another folder. */
export function startProgram(settings: Readonly<Record<string, string>>, cwd = '.'): Program {
  const file = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const env = { ...compileCache, ...settings };
  return spawn(process.execPath, [file], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The lines of its log, as they come. */
export function linesOf({ stdout }: Program): readonly JsonObject[] {
  const lines: JsonObject[] = [];
  let rest = '';
  stdout.on('data', (data: Buffer) => {
    const parts = (rest + data.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map(parseJson).filter(isJsonObject));
  });
  return lines;
}
