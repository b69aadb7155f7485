/** Why the set-up ends without having done what was asked; the message says it in words. */
export class SetupFailure extends Error {
  override readonly name = 'SetupFailure';
}
