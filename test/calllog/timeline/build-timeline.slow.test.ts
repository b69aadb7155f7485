import { keptCallNames } from './kept-calls.ts';
import { keptCallsShow, shownOften } from './shown-calls.ts';

keptCallsShow(keptCallNames.filter((name) => !shownOften.includes(name)));
