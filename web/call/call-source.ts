import type { CallSound, RecordedTimeline } from '../../src/calllog/timeline/recorded-timeline.ts';
import type { CallHead } from '../../src/console/recording/envelope.ts';
import { AskError } from '../shared/ask.ts';

/** A call as this page shows it. */
export interface LoadedCall {
  /** It lies in the page, which no server has sent. */
  readonly isEmbedded: boolean;
  readonly head: CallHead;
  /** Null when there is no recording. */
  readonly timeline: RecordedTimeline | null;
  /** Null while it is on its way. */
  readonly sound: CallSound | null;
}

/** What a call is told about that no server has sent. */
const noHead: CallHead = { known: null, noRecording: null, part: { number: 1, count: 1, by: null } };

const lengthPlaces = [0, 4, 8, 12, 16];
const lengthsBytes = 20;

/** The call that is part of the page, as in a file of its own, without its sound; null on a page that a server sends. */
export function embeddedCall(): LoadedCall | null {
  const text = textOf('call-timeline');
  if (text === null) return null;
  const timeline: RecordedTimeline = JSON.parse(text);
  return { isEmbedded: true, head: noHead, timeline, sound: null };
}

/** The sound that is part of the page. */
export async function embeddedSound(): Promise<CallSound> {
  const lanes = ['caller', 'heard', 'cleared'].map(async (lane) => unpacked(textOf(`call-sound-${lane}`) ?? ''));
  return soundOf(await Promise.all(lanes));
}

/**
 * Asks the server for a call. `onCall` is called as soon as all but the sound is there, and `onProgress` with the share of the sound that
 * has come. Throws `AskError`.
 */
export async function fetchedCall(
  path: string,
  onCall: (call: LoadedCall) => void,
  onProgress: (share: number) => void,
): Promise<LoadedCall> {
  const response = await fetch(path).catch(() => null);
  if (response === null) throw new AskError('Parley does not answer. Does it still run?', 0);
  // The server shows its log-in page in place of this one.
  if (response.status === 401) location.reload();
  if (!response.ok || response.body === null) throw new AskError(await wordsOf(response), response.status);
  const bytes = new Uint8Array(Number(response.headers.get('content-length')));
  let call: LoadedCall | null = null;
  let read = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { value: piece } = await reader.read();
    if (piece === undefined) break;
    bytes.set(piece, read);
    read += piece.length;
    const [, timelineEnd = Infinity] = read < lengthsBytes ? [] : endsOf(bytes);
    if (call === null && read >= timelineEnd) {
      call = callIn(bytes);
      onCall(call);
    }
    onProgress(read / bytes.length);
  }
  if (call === null || read < bytes.length) throw new AskError('The recording broke off. Load the page again.', 0);
  const [, timelineEnd = 0, ...ends] = endsOf(bytes);
  return { ...call, sound: soundOf(ends.map((end, at) => bytes.subarray(ends[at - 1] ?? timelineEnd, end))) };
}

/** The call without its sound: the head, and behind it the timeline. */
function callIn(bytes: Uint8Array): LoadedCall {
  const [headEnd = 0, timelineEnd = 0] = endsOf(bytes);
  const textIn = (from: number, to: number): string => new TextDecoder().decode(bytes.subarray(from, to));
  const head: CallHead = JSON.parse(textIn(lengthsBytes, headEnd));
  const timeline: RecordedTimeline | null = timelineEnd === headEnd ? null : JSON.parse(textIn(headEnd, timelineEnd));
  return { isEmbedded: false, head, timeline, sound: null };
}

/** Where the head, the timeline and each lane of sound ends. */
function endsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer);
  let end = lengthsBytes;
  return lengthPlaces.map((at) => {
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
