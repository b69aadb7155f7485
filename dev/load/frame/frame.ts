/**
 * Measures what a frame of the caller and a piece of the agent cost part by part, in CPU of this process: `npm run bench:frame`. Prints a
 * table in Markdown.
 */
import { parseArgs } from 'node:util';
import { helpIfAsked } from '../../../src/cli/help.ts';
import { runBesideService } from '../../siege/run-beside-service.ts';
import { type FramePart, frameParts } from './frame-parts.ts';
import { FrameSockets } from './frame-sockets.ts';

const usage = `Usage: npm run bench:frame
  Measures what a frame of the caller and a piece of the agent cost part by part. Takes no options.`;

async function main(): Promise<number> {
  parseArgs({ options: {} });
  const sockets = await FrameSockets.open();
  try {
    const parts = await frameParts(sockets);
    console.log('| way | part | CPU, µs each | CPU, ms per call-second |\n| --- | --- | --: | --: |');
    for (const part of parts)
      console.log(`| ${part.way} | ${part.part} | ${part.us.toFixed(2)} | ${msPerSecond(part).toFixed(2)} |`);
    const sum = parts.reduce((before, part) => before + msPerSecond(part), 0);
    console.log(`| both | all of it | | ${sum.toFixed(2)} |`);
  } finally {
    sockets.close();
  }
  return 0;
}

function msPerSecond({ us, perSecond }: FramePart): number {
  return (us * perSecond) / 1_000;
}

helpIfAsked(usage);
await runBesideService(main);
