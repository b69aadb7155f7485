import { about } from './about.ts';
import { adminToken, listenHost, pagesUrl, portOrOff, publicUrl, yesOrNo } from './parsers.ts';

const admin = { group: "The operator's pages" };

/** The variables of the operator's pages, part of `environment`. */
export const adminVariables = {
  ADMIN_PORT: portOrOff.default(8_081).register(about, {
    ...admin,
    doc: 'Port of the pages, from 0 to 65535. 0 takes any free port; off: no pages.',
  }),
  ADMIN_HOST: listenHost.default('127.0.0.1').register(about, {
    ...admin,
    doc: 'Address on which they listen. 0.0.0.0 is reachable from other machines.',
  }),
  ADMIN_URL: publicUrl.optional().register(about, {
    ...admin,
    doc: 'Where a browser finds them, if under another name than ADMIN_HOST, such as https://parley.example.com behind a proxy.',
  }),
  ADMIN_FLEET_URL: pagesUrl.optional().register(about, {
    ...admin,
    doc: "Where other processes at the same DATABASE_URL reach them, such as http://10.0.0.7:8081. Unset: ADMIN_HOST, or this machine's own address, and ADMIN_PORT.",
  }),
  ADMIN_TOKEN: adminToken.optional().register(about, {
    ...admin,
    doc: 'What an operator logs in with, of at least 16 characters. Unset: a new one at each start, in the link that npm start prints.',
    secret: true,
  }),
  ADMIN_CALLS_ACT: yesOrNo.default('false').register(about, {
    ...admin,
    doc: 'Whether tools that act, such as one that sends a message, are run for calls from the browser: true or false.',
  }),
};
