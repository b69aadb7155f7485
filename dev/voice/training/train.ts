/**
 * Learns the weights of the voice detector's network anew, and writes them. They are committed, so this runs only when its inputs change:
 *
 *   apt-get install sox libsox-fmt-base
 *   apt-get download fillets-ng-data-{cs,nl} hedgewars-data asterisk-core-sounds-{en,es,it}-wav asterisk-prompt-it-menardi-wav
 *   for deb in *.deb; do dpkg -x $deb unpacked; done
 *   npx node dev/voice/training/train.ts unpacked
 */
import { writeFileSync } from 'node:fs';
import { trainNetwork } from './network-training.ts';
import { makeTrainingLines } from './training-lines.ts';
import { trainingSetOf } from './training-set.ts';
import { readTrainingVoices } from './training-voices.ts';

const hiddenUnits = 32;
const rounds = 4;

function main([unpacked, without = '']: readonly string[]): void {
  if (unpacked === undefined)
    throw new Error('Usage: npx node dev/voice/training/train.ts <unpacked packages> [a voice to leave out, ...]');
  const voices = [...readTrainingVoices(unpacked)].filter(([voice]) => !without.split(',').includes(voice));
  const set = trainingSetOf(makeTrainingLines(new Map(voices), rounds));
  console.log(`${voices.length} voices, ${set.frames} frames`);
  const { hidden, output } = trainNetwork(set, hiddenUnits);
  const lines = [
    "import type { NetworkWeights } from './voice-network.ts';",
    '',
    '/** What `dev/voice/training/train.ts` has learned from recorded voices and synthetic noise. */',
    'export const voiceWeights: NetworkWeights = {',
    '  hidden: [',
    ...hidden.map((unit) => `    '${unit}',`),
    '  ],',
    `  output: '${output}',`,
    '};',
  ];
  writeFileSync(new URL('../../../src/audio/voice/voice-weights.ts', import.meta.url), `${lines.join('\n')}\n`);
}

main(process.argv.slice(2));
