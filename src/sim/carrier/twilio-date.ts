/** A time as Twilio writes it in callbacks and in the REST API. */
export function twilioDate(unixMs: number): string {
  return new Date(unixMs).toUTCString().replace('GMT', '+0000');
}
