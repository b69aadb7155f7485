import { encodeBase64 } from '../../../encoding/base64.ts';
import type { Part, ServerContent } from '../protocol/server-message.ts';
import type { SayStep } from '../script/turn.ts';

/** A recorded sentence of the agent. */
export interface Clip {
  /** PCM16 little-endian, 24 kHz mono. */
  readonly pcm: Uint8Array;
  /** Its words. */
  readonly text: string;
}

/** How the model sends what it says; a step may differ from it. */
export interface SpeechDelivery {
  /** Multiple of real time (GM-AUDIO-2). */
  readonly speed: number;
  /** Audio in a message; null is the sizes that were logged. */
  readonly messageMs: number | null;
  /** Where the words come against the audio; null sends no transcription (GM-TURN-3). */
  readonly transcripts: 'withAudio' | 'ahead' | 'behind' | null;
  /** Two audio parts in each message (GM-FRAME-2). */
  readonly bundled: boolean;
}

/** One message of a sentence: when it is sent, in ms after the sentence began, and the audio in it. */
export interface PlannedMessage {
  readonly afterMs: number;
  readonly audioMs: number;
  /** What is spoken in it, transcribed or not. */
  readonly words: string;
  readonly content: ServerContent;
}

const bytesPerMs = 48;
const sampleBytes = 2;
/** The message sizes that were logged: 200 ms first, then 240 ms each (GM-AUDIO-2). */
const firstMessageMs = 200;
const nextMessageMs = 240;
/** How many messages the words lag behind the audio when they come late. */
const lagMessages = 3;

/** Plans the messages of one sentence. Nothing happens yet: an interruption drops what has not been sent. */
export function planSpeech(step: SayStep, clip: Clip, delivery: SpeechDelivery): readonly PlannedMessage[] {
  const pcm = step.gain === undefined ? clip.pcm : amplified(clip.pcm, step.gain);
  const pieces = split(pcm, delivery.messageMs, step.oddSplit === true ? 1 : 0);
  const said = step.text ?? clip.text;
  const words = fragments(said, pieces.length, 'withAudio');
  const texts = delivery.transcripts === 'withAudio' ? words : fragments(said, pieces.length, delivery.transcripts);
  const speed = step.speed ?? delivery.speed;
  const planned: PlannedMessage[] = [];
  const piecesPerMessage = delivery.bundled ? 2 : 1;
  let sentMs = 0;
  for (let first = 0; first < pieces.length; first += piecesPerMessage) {
    if (step.untilMs !== undefined && sentMs >= step.untilMs) break;
    const inMessage = pieces.slice(first, first + piecesPerMessage);
    const text = texts.slice(first, first + piecesPerMessage).join('');
    const stallMs = step.stall !== undefined && sentMs >= step.stall.afterMs ? step.stall.forMs : 0;
    const audioMs = inMessage.reduce((sum, piece) => sum + piece.length / bytesPerMs, 0);
    const content = contentOf(inMessage, text);
    const spoken = words.slice(first, first + piecesPerMessage).join('');
    planned.push({ afterMs: sentMs / speed + stallMs, audioMs, words: spoken, content });
    sentMs += audioMs;
  }
  return planned;
}

/** Plans the fragments of what the caller said, which come a while after the words (GM-TURN-3). */
export function planHearing(heard: string, heardMs: number): readonly { afterMs: number; text: string }[] {
  const words = heard.split(/(?<= )/);
  const half = Math.ceil(words.length / 2);
  const planned = [
    { afterMs: heardMs / 2, text: words.slice(0, half).join('') },
    { afterMs: heardMs, text: words.slice(half).join('') },
  ];
  return planned.filter(({ text }) => text !== '');
}

function contentOf(pieces: readonly Uint8Array[], text: string): ServerContent {
  const parts = pieces.map((piece): Part => ({
    inlineData: { mimeType: 'audio/pcm;rate=24000', data: encodeBase64(piece) },
  }));
  const modelTurn: ServerContent['modelTurn'] = { role: 'model', parts };
  return text === '' ? { modelTurn } : { modelTurn, outputTranscription: { text } };
}

function split(pcm: Uint8Array, messageMs: number | null, shiftBytes: number): Uint8Array[] {
  const firstBytes = (messageMs ?? firstMessageMs) * bytesPerMs + shiftBytes;
  const messageBytes = (messageMs ?? nextMessageMs) * bytesPerMs;
  const pieces = [pcm.subarray(0, firstBytes)];
  for (let start = firstBytes; start < pcm.length; start += messageBytes) {
    pieces.push(pcm.subarray(start, start + messageBytes));
  }
  return pieces;
}

/** Spreads the words over the messages: one text for each of them, empty where none belongs to it. */
function fragments(text: string, count: number, transcripts: SpeechDelivery['transcripts']): string[] {
  const texts = Array.from({ length: count }, () => '');
  if (transcripts === null) return texts;
  const words = text.split(/(?<= )/);
  for (const [index, word] of words.entries()) {
    const spoken = Math.floor((index * count) / words.length);
    const shifted = { withAudio: spoken, ahead: Math.floor(spoken / 2), behind: spoken + lagMessages }[transcripts];
    const at = Math.min(shifted, count - 1);
    texts[at] = `${texts[at]}${word}`;
  }
  return texts;
}

function amplified(pcm: Uint8Array, gain: number): Uint8Array {
  const from = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const result = new Uint8Array(pcm.length);
  const to = new DataView(result.buffer);
  for (let offset = 0; offset + sampleBytes <= pcm.length; offset += sampleBytes) {
    const sample = Math.round(from.getInt16(offset, true) * gain);
    to.setInt16(offset, Math.max(-32_768, Math.min(32_767, sample)), true);
  }
  return result;
}
