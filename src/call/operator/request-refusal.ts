/** Why a request cannot be done: an order of an operator, or a picture that the caller shows. */
export type RequestRefusal = keyof typeof refusalReasons;

/** Each refusal in words, for whoever asked. */
export const refusalReasons = {
  callIsOver: 'This call is over.',
  leaving: 'The agent is saying goodbye already.',
  handedOver: 'Somebody else has the caller: a person, or the voicemail.',
  noSuchDestination: 'There is no destination of that name.',
  nothingSaid: 'There is no text.',
  tooLong: 'The text is too long.',
  tooMuch: 'The agent has been told as much as it can be told in one call.',
  noSession: 'The agent is not there just now.',
  modelTakesNoPictures: 'The model of this agent takes no pictures.',
  noPicture: 'This is no JPEG picture.',
  pictureTooLarge: 'The picture is too large.',
  tooSoon: 'There is a picture a second at most.',
} as const;

/** What became of a request, for whoever asked. */
export type OrderOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly refusal: RequestRefusal; readonly reason: string };

/** The outcome of a request: refused for this reason, or taken when that is null. */
export function orderOutcome(refusal: RequestRefusal | null): OrderOutcome {
  return refusal === null ? { kind: 'taken' } : { kind: 'refused', refusal, reason: refusalReasons[refusal] };
}
