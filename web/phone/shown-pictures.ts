import { insecureOrigin, SoundProblem } from './sound/microphone.ts';

/** The model takes one a second, and counts nothing finer than this. */
const pictureMs = 1_000;
const sideMax = 768;

/** What the server takes. Detail costs bytes, so a picture that is larger is made again with less of it. */
const bytesMax = 200_000;
const qualities = [0.8, 0.6, 0.4, 0.2];

/** What the person shows. */
export type PictureSource = 'camera' | 'screen';

const refusals: Readonly<Record<PictureSource, string>> = {
  camera: 'The browser gave no camera. Allow it for this page, or connect one, and try again.',
  screen:
    'The browser shows no screen. Choose a window or a screen when it asks, and allow it in the settings of your system.',
};

/** Pictures of the camera or the screen, one a second, until it is stopped. */
export class ShownPictures {
  readonly stream: MediaStream;
  readonly #video: HTMLVideoElement;
  readonly #timer: number;

  private constructor(stream: MediaStream, video: HTMLVideoElement, onPicture: (jpeg: Uint8Array) => void) {
    this.stream = stream;
    this.#video = video;
    this.#timer = window.setInterval(() => void this.#take(onPicture), pictureMs);
  }

  /** Asks the browser for the source. `onEnd`: the person has ended it in the browser. Throws `SoundProblem`. */
  static async open(
    source: PictureSource,
    onPicture: (jpeg: Uint8Array) => void,
    onEnd: () => void,
  ): Promise<ShownPictures> {
    const insecure = insecureOrigin();
    if (insecure !== null) throw new SoundProblem(insecure);
    const stream = await streamOf(source);
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    for (const track of stream.getTracks()) track.addEventListener('ended', onEnd);
    return new ShownPictures(stream, video, onPicture);
  }

  stop(): void {
    window.clearInterval(this.#timer);
    for (const track of this.stream.getTracks()) track.stop();
    this.#video.srcObject = null;
  }

  async #take(onPicture: (jpeg: Uint8Array) => void): Promise<void> {
    const { videoWidth, videoHeight } = this.#video;
    if (videoWidth === 0) return;
    const scale = Math.min(1, sideMax / Math.max(videoWidth, videoHeight));
    const canvas = new OffscreenCanvas(Math.round(videoWidth * scale), Math.round(videoHeight * scale));
    canvas.getContext('2d')?.drawImage(this.#video, 0, 0, canvas.width, canvas.height);
    for (const quality of qualities) {
      // oxlint-disable-next-line no-await-in-loop -- Each is only made when the one before is too large.
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
      // oxlint-disable-next-line no-await-in-loop -- As above.
      if (blob.size <= bytesMax) return onPicture(new Uint8Array(await blob.arrayBuffer()));
    }
  }
}

async function streamOf(source: PictureSource): Promise<MediaStream> {
  try {
    return source === 'camera'
      ? await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } } })
      : await navigator.mediaDevices.getDisplayMedia({ video: true });
  } catch (error) {
    const name = error instanceof DOMException ? ` (${error.name})` : '';
    throw new SoundProblem(`${refusals[source]}${name}`);
  }
}
