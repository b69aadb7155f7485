/** What a question met instead of what it waited for; the message is one line. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
}
