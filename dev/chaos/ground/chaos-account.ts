/** The service's address as Twilio knows it, the account that calls it, and the key of the model. */
export const chaosAccount = {
  publicOrigin: 'https://parley.example',
  accountSid: `AC${'2'.repeat(32)}`,
  authToken: 'chaos-auth-token-6e02',
  geminiKey: 'chaos-gemini-key-b7d1',
} as const;
