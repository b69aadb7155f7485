import { createServer } from 'node:http';

/** A carrier that is asked over HTTP, on this machine. */
interface ParcelService {
  /** Host and port. */
  readonly host: string;
  /** What it wants to be shown. */
  readonly key: string;
  readonly close: () => void;
}

const parcels: ReadonlyMap<string, object> = new Map([
  ['A1042', { place: 'in the depot of your town', expected: 'on Wednesday before noon' }],
]);

/** Starts a carrier that knows where the parcels of the demo are, and tells whoever shows its key. */
export async function startParcelService(): Promise<ParcelService> {
  const key = 'demo-parcel-key';
  const server = createServer(({ url, headers }, response) => {
    const [, order = ''] = /^\/parcels\/(\w+)$/.exec(url ?? '') ?? [];
    const parcel = parcels.get(order);
    const status = headers.authorization !== `Bearer ${key}` ? 401 : parcel === undefined ? 404 : 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? parcel : {}));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The carrier does not listen.');
  return {
    host: `127.0.0.1:${address.port}`,
    key,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
