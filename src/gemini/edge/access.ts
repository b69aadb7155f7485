import { GoogleGenAI } from '@google/genai';
import type { Config } from '../../config/config.ts';
import { ParleyError } from '../../errors.ts';

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

/** Sign-ins by project. The SDK keeps their tokens for an hour; without this, each session would wait for a new one. */
const signIns = new WeakMap<object, unknown>();

/** The SDK, told where the model is. With Vertex AI, all sessions of one access share their sign-in. */
export function createGenAi(access: ModelAccess): GoogleGenAI {
  const baseUrl = access.baseUrl === null ? {} : { baseUrl: access.baseUrl };
  if ('apiKey' in access) {
    const httpOptions = { apiVersion: apiVersion.geminiApi, ...baseUrl };
    return new GoogleGenAI({ apiKey: access.apiKey, vertexai: false, httpOptions });
  }
  const { project, location, credentialsFile } = access.vertex;
  const genai = new GoogleGenAI({
    vertexai: true,
    project,
    location,
    httpOptions: { apiVersion: apiVersion.vertex, ...baseUrl },
    ...(credentialsFile === null ? {} : { googleAuthOptions: { keyFilename: credentialsFile } }),
  });
  shareSignIn(genai, access.vertex);
  return genai;
}

function shareSignIn(genai: GoogleGenAI, vertex: object): void {
  if (!('auth' in genai.live)) {
    throw new ParleyError('model.unreachable', 'This version of @google/genai keeps its sign-in elsewhere.');
  }
  const earlier = signIns.get(vertex);
  if (earlier === undefined) signIns.set(vertex, Reflect.get(genai.live, 'auth'));
  else Reflect.set(genai.live, 'auth', earlier);
}
