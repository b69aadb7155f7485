import RequestClient from 'twilio/lib/base/RequestClient.js';

/** The HTTP client of Twilio's own package, whose requests go to a simulated REST API on loopback. */
export function loopbackClient(url: string, timeout = 2_000): RequestClient {
  const client = new RequestClient({ timeout });
  client.axios.interceptors.request.use((request) => {
    request.url = request.url?.replace('https://api.twilio.com', url) ?? url;
    return request;
  });
  return client;
}
