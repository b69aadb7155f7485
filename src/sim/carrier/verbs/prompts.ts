import type { CarrierEffect } from '../carrier-events.ts';
import { noted } from '../carrier-events.ts';
import type { PromptVerb } from '../twiml/twiml.ts';

/** Speech takes about 60 ms a character. A prompt is capped, so that a test never waits for a long text. */
const msPerCharacter = 60;
/** The simulator does not fetch what `<Play>` names, so every file lasts the same. */
const playedFileMs = 2000;
const promptMsMax = 20_000;

/** How long a prompt lasts, in ms. `loop="0"` repeats for ever, and so up to the cap. */
export function promptMs(verb: PromptVerb): number {
  if (verb.type === 'pause') return verb.lengthMs;
  const onceMs = verb.type === 'say' ? verb.text.length * msPerCharacter : playedFileMs;
  return verb.loops === 0 ? promptMsMax : Math.min(onceMs * verb.loops, promptMsMax);
}

/** What is noted of a prompt. `to`: who hears it, if not the caller. */
export function promptNotes(verb: PromptVerb, atMs: number, to?: string): CarrierEffect[] {
  if (verb.type === 'pause') return [];
  if (verb.type === 'say')
    return [
      noted(
        to === undefined
          ? { atMs, kind: 'verb.say', text: verb.text }
          : { atMs, kind: 'callee.heard', to, text: verb.text },
      ),
    ];
  return [noted({ atMs, kind: 'verb.play', url: verb.url, digits: verb.digits })];
}
