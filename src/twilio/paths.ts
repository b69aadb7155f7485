/** Where Twilio finds us. */
export const paths = {
  voice: '/twilio/voice',
  media: '/twilio/media',
  streamEnded: '/twilio/stream-ended',
  streamStatus: '/twilio/stream-status',
  dialEnded: '/twilio/dial-ended',
  callee: '/twilio/callee',
  voicemailEnded: '/twilio/voicemail-ended',
  recording: '/twilio/recording',
  status: '/twilio/status',
} as const;

/** What an instance may be called: it stands in addresses and in the log, which a number that a stranger writes there must not reach. */
const ofInstance = /^\/i\/([a-z][a-z0-9-]{0,31})(?=\/twilio\/)/;

/** Where the addresses of an instance begin, below the address that Twilio calls; for null, of whoever answers. */
export function instancePath(instance: string | null): string {
  return instance === null ? '' : `/i/${instance}`;
}

/** Which instance the target of a request is meant for, null if it names none, and what of it is left without that. */
export function addressee(target: string): { readonly instance: string | null; readonly rest: string } {
  const [prefix = '', instance = null] = ofInstance.exec(target) ?? [];
  return { instance, rest: target.slice(prefix.length) };
}

/** The address of media streams. Twilio takes no other scheme (TW-TWIML-2), so a local address gets it as well. */
export function streamUrlOf(publicUrl: string, instance: string | null): string {
  return publicUrl.replace(/^https?/, 'wss') + instancePath(instance) + paths.media;
}
