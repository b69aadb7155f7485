import { toldWords } from './told-words.ts';

// Those of which docs/turn-taking.md gives the shares.
toldWords(1_200);
