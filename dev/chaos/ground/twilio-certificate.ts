import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A key, and a certificate with which its holder is Twilio's REST interface to whoever trusts it. */
export interface TwilioCertificate {
  readonly keyFile: string;
  readonly certFile: string;
}

/** Makes one in a folder, good for a day. */
export function twilioCertificate(folder: string): TwilioCertificate {
  const [keyFile, certFile] = [join(folder, 'twilio-key.pem'), join(folder, 'twilio-cert.pem')];
  const name = 'api.twilio.com';
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const about = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  execFileSync('openssl', [...args, ...about, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
  return { keyFile, certFile };
}
