/** A goodbye that has not begun or gone on by then is not coming. The model needs 1 to 2.5 s after a tool's answer. */
const startMsMax = 3_000;

/** The longest goodbye that is waited for while the model still speaks it. */
const speechMsMax = 12_000;

/** How long after its due end the last mark of a goodbye is waited for. */
const markMs = 1_000;

/** What the caller still hears of the agent's last words. `untilMs`: how long that is waited for. */
export type Goodbye =
  | { readonly name: 'awaited'; readonly untilMs: number }
  /** `endMs`: when the model must have said it all. */
  | { readonly name: 'speaking'; readonly untilMs: number; readonly endMs: number }
  /** All of it is on its way: the last mark is waited for, but not for ever. */
  | { readonly name: 'spoken'; readonly untilMs: number };

/** The goodbye enters a stage, or goes on with it. `unheardMs`: how much the caller has still to hear of what was sent. */
export function goodbyeIn(stage: Goodbye['name'], before: Goodbye | null, unheardMs: number, nowMs: number): Goodbye {
  switch (stage) {
    case 'awaited':
      return { name: stage, untilMs: nowMs + startMsMax };
    case 'speaking': {
      const endMs = before?.name === 'speaking' ? before.endMs : nowMs + speechMsMax;
      // The wait for more of it is as long as the wait for its beginning.
      return { name: stage, endMs, untilMs: Math.min(endMs, nowMs + unheardMs + startMsMax) };
    }
    case 'spoken':
      return { name: stage, untilMs: nowMs + unheardMs + markMs };
  }
}
