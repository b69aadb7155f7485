/** How Twilio requests a URL. */
export type HttpMethod = 'GET' | 'POST';
