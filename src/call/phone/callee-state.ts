/**
 * How far the one who is called has come. A call that needs not be taken stays `ringing` until it is over, because nobody tells of its
 * answer. `asked`: the telephone was answered, and a key is awaited.
 */
export type CalleeState = (typeof calleeStates)[number];

/** All of them, for whoever reads one. */
export const calleeStates = ['ringing', 'asked', 'accepted', 'declined', 'silent'] as const;
