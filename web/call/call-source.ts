import type { CallSound, RecordedTimeline } from '../../src/calllog/timeline/recorded-timeline.ts';
import { AskError } from '../shared/ask.ts';

/** A call as this page shows it. */
export interface LoadedCall {
  readonly timeline: RecordedTimeline;
  /** Null while it is on its way. */
  readonly sound: CallSound | null;
  /** It lies in the page, which no server has sent. */
  readonly isEmbedded: boolean;
  /** Which of the call's logs this is, and how many there are: each process that had the call wrote one. */
  readonly part: { readonly number: number; readonly count: number };
}

const lengthsBytes = 16;

/** The call that is part of the page, as in a file of its own, without its sound; null on a page that a server sends. */
export function embeddedCall(): LoadedCall | null {
  const text = textOf('call-timeline');
  if (text === null) return null;
  const timeline: RecordedTimeline = JSON.parse(text);
  return { timeline, sound: null, part: { number: 1, count: 1 }, isEmbedded: true };
}

/** The sound that is part of the page. */
export async function embeddedSound(): Promise<CallSound> {
  const lanes = ['caller', 'heard', 'cleared'].map(async (lane) => unpacked(textOf(`call-sound-${lane}`) ?? ''));
  return soundOf(await Promise.all(lanes));
}

/**
 * Asks the server for a recorded call. `onTimeline` is called as soon as all but the sound is there, and `onProgress` with the share of the
 * sound that has come. Throws `AskError`.
 */
export async function fetchedCall(
  path: string,
  onTimeline: (call: LoadedCall) => void,
  onProgress: (share: number) => void,
): Promise<LoadedCall> {
  const response = await fetch(path).catch(() => null);
  if (response === null) throw new AskError('Parley does not answer. Does it still run?', 0);
  // The server shows its log-in page in place of this one.
  if (response.status === 401) location.reload();
  if (!response.ok || response.body === null) throw new AskError(await wordsOf(response), response.status);
  const [number = 1, count = 1] = (response.headers.get('x-log-parts') ?? '').split('/').map(Number);
  const bytes = new Uint8Array(Number(response.headers.get('content-length')));
  let call: LoadedCall | null = null;
  let read = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { value: piece } = await reader.read();
    if (piece === undefined) break;
    bytes.set(piece, read);
    read += piece.length;
    const [jsonEnd = Infinity] = read < lengthsBytes ? [] : endsOf(bytes);
    if (call === null && read >= jsonEnd) {
      const timeline: RecordedTimeline = JSON.parse(new TextDecoder().decode(bytes.subarray(lengthsBytes, jsonEnd)));
      call = { timeline, sound: null, part: { number, count }, isEmbedded: false };
      onTimeline(call);
    }
    onProgress(read / bytes.length);
  }
  if (call === null || read < bytes.length) throw new AskError('The recording broke off. Load the page again.', 0);
  const [, ...ends] = endsOf(bytes).entries();
  const sound = soundOf(ends.map(([at, end]) => bytes.subarray(endsOf(bytes)[at - 1], end)));
  return { ...call, sound };
}

/** Where the timeline and each lane of sound ends. */
function endsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer);
  let end = lengthsBytes;
  return [0, 4, 8, 12].map((at) => {
    end += view.getUint32(at, true);
    return end;
  });
}

function soundOf([caller, heard, cleared]: readonly Uint8Array[]): CallSound {
  const none = new Uint8Array();
  return { caller: caller ?? none, heard: heard ?? none, cleared: cleared ?? none };
}

async function wordsOf(response: Response): Promise<string> {
  const answer: { error?: unknown } | null = await response.json().catch(() => null);
  return typeof answer?.error === 'string' ? answer.error : `Parley answered with status ${response.status}.`;
}

function textOf(id: string): string | null {
  return document.getElementById(id)?.textContent ?? null;
}

/** Base64 of gzip: what a file of its own holds of a lane. */
async function unpacked(base64: string): Promise<Uint8Array> {
  if (base64 === '') return new Uint8Array();
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
