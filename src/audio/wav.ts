/** What a WAV file holds, as stored: nothing is converted. */
export interface Wav {
  /** Samples per second and channel. */
  readonly sampleRateHz: number;
  readonly channels: number;
  /** `pcm16` is little-endian, two bytes a sample; `mulaw` one byte. */
  readonly encoding: 'pcm16' | 'mulaw';
  /** Samples, interleaved by channel: a view into the file's bytes. */
  readonly data: Uint8Array;
}

/** What makes a WAV file. */
export interface WavContent {
  readonly sampleRateHz: number;
  readonly channels: number;
  /** PCM16 samples, interleaved by channel. */
  readonly samples: Int16Array;
}

/** What the header of a PCM16 WAV file tells. */
export interface WavShape extends Omit<WavContent, 'samples'> {
  readonly dataBytes: number;
}

/** RIFF identifier, length and form type: where the first chunk begins. */
const riffHeaderBytes = 12;
const chunkHeaderBytes = 8;
/** The part of a `fmt ` chunk that every encoding has. */
const formatBytes = 16;
const headerBytes = riffHeaderBytes + chunkHeaderBytes + formatBytes + chunkHeaderBytes;

/** Format tags of the RIFF registry; an extensible header names its encoding 24 bytes into the `fmt ` chunk. */
const formatTags = { pcm: 1, mulaw: 7, extensible: 0xfffe };
const subFormatOffset = 24;

/**
 * Reads a RIFF/WAVE file that holds PCM16 or mu-law. A data chunk longer than the file, as recorders leave it when they
 * are cut off or write to a pipe, is taken up to the end of the file. Throws a RangeError for everything else.
 */
export function readWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < riffHeaderBytes || textAt(view, 0) !== 'RIFF' || textAt(view, 8) !== 'WAVE') {
    throw new RangeError('Not a WAV file: it does not begin with a RIFF/WAVE header.');
  }
  let format: Omit<Wav, 'data'> | undefined;
  for (let offset = riffHeaderBytes; offset + chunkHeaderBytes <= bytes.length;) {
    const id = textAt(view, offset);
    const start = offset + chunkHeaderBytes;
    const length = view.getUint32(offset + 4, true);
    if (id === 'fmt ') format = readFormat(view, start, length);
    if (id === 'data') {
      if (format === undefined) throw new RangeError('The WAV file has its data before its format.');
      return { ...format, data: bytes.subarray(start, start + length) };
    }
    // Chunks begin at even offsets.
    offset = start + length + (length % 2);
  }
  throw new RangeError('The WAV file has no data.');
}

/** Writes a PCM16 WAV file. */
export function writeWav({ sampleRateHz, channels, samples }: WavContent): Uint8Array {
  const bytes = new Uint8Array(headerBytes + 2 * samples.length);
  bytes.set(wavHeader({ sampleRateHz, channels, dataBytes: 2 * samples.length }));
  const view = new DataView(bytes.buffer);
  for (const [i, sample] of samples.entries()) view.setInt16(headerBytes + 2 * i, sample, true);
  return bytes;
}

/** What stands before the samples of a PCM16 WAV file that has so many bytes of them. */
export function wavHeader({ sampleRateHz, channels, dataBytes }: WavShape): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  const frameBytes = 2 * channels;
  writeText(view, 0, 'RIFF');
  view.setUint32(4, headerBytes + dataBytes - 8, true);
  writeText(view, 8, 'WAVE');
  writeText(view, 12, 'fmt ');
  view.setUint32(16, formatBytes, true);
  view.setUint16(20, formatTags.pcm, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 16, true);
  writeText(view, 36, 'data');
  view.setUint32(40, dataBytes, true);
  return bytes;
}

function readFormat(view: DataView, start: number, length: number): Omit<Wav, 'data'> {
  if (length < formatBytes || start + length > view.byteLength) throw new RangeError('The WAV format is cut off.');
  const tag = view.getUint16(start, true);
  const sampleBits = view.getUint16(start + 14, true);
  const isNamedLater = tag === formatTags.extensible && length >= subFormatOffset + 2;
  const encoding = encodingOf(isNamedLater ? view.getUint16(start + subFormatOffset, true) : tag, sampleBits);
  return { sampleRateHz: view.getUint32(start + 4, true), channels: view.getUint16(start + 2, true), encoding };
}

function encodingOf(tag: number, sampleBits: number): Wav['encoding'] {
  if (tag === formatTags.pcm && sampleBits === 16) return 'pcm16';
  if (tag === formatTags.mulaw && sampleBits === 8) return 'mulaw';
  throw new RangeError(`The WAV encoding is neither PCM16 nor mu-law: format tag ${tag}, ${sampleBits} bits a sample.`);
}

function textAt(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(offset + i)));
}

function writeText(view: DataView, offset: number, text: string): void {
  for (let i = 0; i < text.length; i++) view.setUint8(offset + i, text.charCodeAt(i));
}
