import { paths } from '../../../src/twilio/paths.ts';
import { mediaUrl, signatureOf } from '../siege-account.ts';
import { siegeKinds } from '../siege-kind.ts';
import { requestText } from './http-text.ts';

const key = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==';
const webSocket = ['connection: Upgrade', 'upgrade: websocket', key, 'sec-websocket-version: 13'];

/** Signed as the upgrade of a media socket is: its address never changes, so a signature that was seen once fits for ever. */
export const signedUpgrade = upgradeText(paths.media, [`x-twilio-signature: ${signatureOf(mediaUrl)}`]);

/** What anybody may ask instead of a media socket. */
export const upgradeKinds = siegeKinds({
  'unsigned-upgrades': (ground) => ground.every(200, () => ground.send(upgradeText(paths.media))),

  'badly-signed-upgrades': (ground) =>
    ground.every(200, (count) => {
      const forged = signatureOf(`${mediaUrl}?${count}`);
      ground.send(upgradeText(paths.media, [`x-twilio-signature: ${forged}`]));
    }),

  'upgrades-elsewhere': (ground) => {
    const elsewhere = [paths.voice, '/', `${paths.media}?x=1`, `${paths.media}/.websocket`, '/healthz'];
    return ground.every(200, (count) => ground.send(upgradeText(elsewhere[count % elsewhere.length] ?? '')));
  },

  'other-protocols': (ground) => {
    const headers = ['connection: Upgrade, HTTP2-Settings', 'upgrade: h2c', 'http2-settings: AAMAAABkAAQCAAAAAAIAAAAA'];
    return ground.every(200, () => ground.send(requestText(`GET ${paths.media}`, headers)));
  },

  'broken-handshakes': (ground) => {
    const broken = [
      ['upgrade: websocket', 'sec-websocket-key: short', 'sec-websocket-version: 13'],
      ['upgrade: websocket', key, 'sec-websocket-version: 99999999'],
      [...webSocket, `sec-websocket-extensions: ${'permessage-deflate; a=b, '.repeat(400)}`],
      [...webSocket, `sec-websocket-protocol: ${'a,'.repeat(4_000)}`],
    ];
    return ground.every(200, (count) =>
      ground.send(requestText(`GET ${paths.media}`, ['connection: Upgrade', ...(broken[count % broken.length] ?? [])])),
    );
  },

  'pushes-after-a-refused-upgrade': async (ground) => {
    const more = Buffer.alloc(1_000_000, 0x61);
    await ground.every(50, () => {
      const socket = ground.connect();
      socket.write(upgradeText(paths.media));
      ground.push(socket, more);
    });
  },
});

function upgradeText(path: string, headers: readonly string[] = []): Buffer {
  return requestText(`GET ${path}`, [...webSocket, ...headers]);
}
