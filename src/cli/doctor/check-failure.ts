/** Why a check cannot go on; the message is a sentence, and the advice says what mends it. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
  readonly advice: string;

  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}
