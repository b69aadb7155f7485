/** A text in which secrets may stand, without them: services send back what they were sent, and messages show what they are about. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}
