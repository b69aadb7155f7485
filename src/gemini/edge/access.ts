import type { LiveConnectParameters } from '@google/genai/web';
import type { Config } from '../../config/config.ts';
import type { SdkSession } from '../sdk.ts';

/** The only versions that are proven for live sessions; with a key the SDK would take another (GM-SETUP-1, GM-VERTEX-1). */
const apiVersion = { geminiApi: 'v1beta', vertex: 'v1beta1' };

/** What it takes to open model sessions. */
export type ModelAccess = (KeyAccess | VertexAccess) & {
  /** Any compatible server; null for Google's. */
  readonly baseUrl: string | null;
  readonly setupMsMax?: number;
};

interface KeyAccess {
  readonly apiKey: string;
}

/** A Google Cloud project. A file of credentials says who signs in; without one, the machine itself does. */
interface VertexAccess {
  readonly vertex: {
    readonly project: string;
    readonly location: string;
    readonly credentialsFile: string | null;
  };
}

/** Where the configuration says that the model is. */
export function modelAccess({ gemini: { apiKey, baseUrl, vertex } }: Config): ModelAccess {
  // A compatible server may do without a key, but the SDK does not.
  return vertex === null ? { apiKey: apiKey ?? 'none', baseUrl } : { vertex, baseUrl };
}

/** A session of the SDK, as far as it is used here. */
export type LiveSdkSession = Omit<SdkSession, 'sendAudio'>;

/** The SDK's part for live sessions, as far as it is used here. */
export interface Live {
  connect(order: LiveConnectParameters): Promise<LiveSdkSession>;
}

const opened = new WeakMap<ModelAccess, Promise<Live>>();

/**
 * The SDK's client, told where the model is. All sessions of one access share it: with Vertex AI that saves each of them a sign-in of its
 * own, because the SDK keeps a token for an hour.
 */
export function openLive(access: ModelAccess): Promise<Live> {
  const known = opened.get(access);
  if (known !== undefined) return known;
  const live = createLive(access);
  opened.set(access, live);
  return live;
}

async function createLive(access: ModelAccess): Promise<Live> {
  // The SDK makes headers for each session, and Node loads its whole fetch with the first ones: no call waits for that.
  void new Headers();
  const baseUrl = access.baseUrl === null ? {} : { baseUrl: access.baseUrl };
  if ('apiKey' in access) {
    // The same SDK without what signs in at Google Cloud, which is twice its size.
    const { GoogleGenAI } = await import('@google/genai/web');
    const httpOptions = { apiVersion: apiVersion.geminiApi, ...baseUrl };
    return new GoogleGenAI({ apiKey: access.apiKey, vertexai: false, httpOptions }).live;
  }
  const { GoogleGenAI } = await import('@google/genai');
  const { project, location, credentialsFile } = access.vertex;
  return new GoogleGenAI({
    vertexai: true,
    project,
    location,
    httpOptions: { apiVersion: apiVersion.vertex, ...baseUrl },
    ...(credentialsFile === null ? {} : { googleAuthOptions: { keyFilename: credentialsFile } }),
  }).live;
}
