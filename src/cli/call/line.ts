import { styleText } from 'node:util';
import type { DemoLine } from '../demo/story.ts';

const colours = {
  phone: 'gray',
  twilio: 'gray',
  caller: 'cyan',
  agent: 'green',
  tool: 'yellow',
  parley: 'magenta',
} as const satisfies Record<DemoLine['who'], string>;

/** Prints one line of a call's story. `atMs` counts from the start of the call. */
export function printLine(atMs: number, { who, text }: DemoLine): void {
  const time = `${(atMs / 1000).toFixed(1)} s`.padStart(7);
  console.log(`${time}  ${styleText(colours[who], who.padEnd(6))}  ${text}`);
}
