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

/** One line of a call's story. `atMs` counts from the start of the call. */
export function timedLine(atMs: number, { who, text }: DemoLine): string {
  const time = `${(atMs / 1000).toFixed(1)} s`.padStart(7);
  return `${time}  ${styleText(colours[who], who.padEnd(6))}  ${text}`;
}
