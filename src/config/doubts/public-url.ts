import { isPublic } from '../parsers.ts';

/** Twilio opens media streams on this port alone (TW-STREAM-1). */
const streamPort = '443';

/** Addresses that no machine of Twilio can reach. */
const privateHosts = [
  /^10\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^0\./,
  /^\[(f[cd]|fe[89ab])/,
  /\.(local|internal|intranet|lan|home|corp|home\.arpa)$/,
  /^[^.[\]]+$/,
];

/** Names that are kept for manuals and tests. */
const sampleHosts = /(^|\.)(example\.(com|net|org)|example|test|invalid)$/;

/** What is doubtful about an address that has the right form, one sentence each. */
export function publicUrlWarnings(given: ReadonlyMap<string, string>): string[] {
  const text = given.get('PUBLIC_URL') ?? '';
  const url = URL.parse(text);
  if (url === null) return [];
  const { hostname, port } = url;
  const instead = 'set the https:// address of a tunnel or of your server';
  if (!isPublic(text))
    return given.has('TWILIO_AUTH_TOKEN')
      ? [`PUBLIC_URL is this machine, which Twilio cannot reach; to answer a real number, ${instead}.`]
      : [];
  const warnings: string[] = [];
  if (privateHosts.some((form) => form.test(hostname)))
    warnings.push(`PUBLIC_URL is an address of a private network, which Twilio cannot reach; ${instead}.`);
  if (sampleHosts.test(hostname))
    warnings.push(`PUBLIC_URL is an address from an example, which Twilio cannot reach; ${instead}.`);
  if (port !== '' && port !== streamPort)
    warnings.push(
      `PUBLIC_URL names port ${port}, and Twilio opens media streams on port ${streamPort} only; let a tunnel or a proxy listen there, and leave the port out.`,
    );
  return warnings;
}
