/** The error and warning codes that the simulated carrier can give, with Twilio's meaning in short. */
export const twilioCodes = {
  11100: 'invalid URL',
  11200: 'HTTP retrieval failure: status, deadline, or broken answer',
  11205: 'HTTP connection failure',
  11215: 'too many HTTP redirects',
  11750: 'response body over 64 kB',
  12100: 'document is not well-formed XML',
  12101: 'invalid XML version',
  12102: 'root element is not <Response>',
  12200: 'schema warning: unknown or misplaced element or attribute, or invalid value',
  12300: 'content type cannot be processed',
  13214: 'invalid caller ID on <Dial>',
  13223: '<Dial> to a number that is not E.164',
  15003: 'status callback was not answered with success',
  31901: 'stream: connection timeout',
  31902: 'stream: connection refused',
  31903: 'stream: the connection vanished',
  31920: 'stream: handshake was not answered with 101',
  31921: 'stream: the server closed with a code other than 1000',
  31922: 'stream: scheme is not wss',
  31923: 'stream: malformed URL',
  31931: 'stream: more than 10 minutes of audio buffered, the rest was discarded',
  31941: 'stream: invalid track',
  31950: 'stream: binary frame received and ignored',
  31951: 'stream: invalid message received and ignored',
} as const;

/** A Twilio error or warning code. */
export type TwilioCode = keyof typeof twilioCodes;
