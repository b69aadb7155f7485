import type { HandsetRequest } from '../../src/console/phone/handset-request.ts';
import type { LineFigures, NumberedNews } from '../../src/console/phone/phone-news.ts';
import { postJson } from '../shared/ask.ts';
import { PhoneLine } from './phone-line.ts';
import { newStory, type PhoneStory, withNews } from './phone-story.ts';
import { ShownPictures, type PictureSource } from './shown-pictures.ts';
import { HandsetSound, loudness } from './sound/handset-sound.ts';
import { type SoundOutput, openMicrophone } from './sound/microphone.ts';
import type { PlayTally } from './sound/play-queue.ts';

/** How the sound of a call is doing. */
export interface LineQuality {
  readonly roundTripMs: number | null;
  readonly outputMs: number;
  readonly rateHz: number;
  readonly received: { readonly frames: number; readonly lost: number; readonly doubled: number };
  readonly play: PlayTally | null;
  readonly line: LineFigures | null;
}

/** Whom to call, and whether with a microphone: what it has beside it. */
export interface CallOrder {
  readonly agent: string;
  readonly microphone: SoundOutput | 'none';
}

/** Whom a call tells that something of it has changed. Levels and quality change all the time, and are asked for. */
export interface PhoneCallListener {
  onStory(story: PhoneStory): void;
  onConnected(isConnected: boolean): void;
  /** The connection is gone for good; `words` say why, null if the call was over. */
  onGone(words: string | null): void;
  /** What is shown to the agent: nothing when null. */
  onPictures(stream: MediaStream | null): void;
}

/** One call of this page: its sound, its connection, and what is shown. */
export class PhonePageCall {
  readonly callSid: string;
  readonly #sound: HandsetSound;
  readonly #listener: PhoneCallListener;
  readonly #line: PhoneLine;
  #story = newStory;
  #pictures: ShownPictures | null = null;
  #figures: LineFigures | null = null;
  #tally: PlayTally | null = null;
  #roundTripMs: number | null = null;
  #spokenLevel = 0;
  #heardLevel = 0;

  private constructor(callSid: string, sound: HandsetSound, listener: PhoneCallListener) {
    this.callSid = callSid;
    this.#sound = sound;
    this.#listener = listener;
    this.#line = new PhoneLine(callSid, {
      onHeard: (audio) => this.#hear(audio),
      onNews: (news) => this.#tell(news),
      onFigures: (figures) => (this.#figures = figures),
      onConnected: (isConnected) => listener.onConnected(isConnected),
      onRoundTrip: (ms) => (this.#roundTripMs = ms),
      onGone: (words) => this.#gone(words),
    });
  }

  /** Opens the microphone, if one is wanted, and calls an agent. Throws `SoundProblem` and `AskError`. */
  static async place({ agent, microphone: wanted }: CallOrder, listener: PhoneCallListener): Promise<PhonePageCall> {
    const microphone = wanted === 'none' ? null : await openMicrophone(wanted);
    let call: PhonePageCall | null = null;
    const sound = await HandsetSound.open(microphone, {
      onSpoken: (audio) => {
        if (call !== null) call.#speak(audio);
      },
      onTally: (tally) => {
        if (call !== null) call.#tally = tally;
      },
    });
    try {
      const { callSid } = await postJson<{ callSid: string }>('/api/phone/calls', { agent });
      call = new PhonePageCall(callSid, sound, listener);
      return call;
    } catch (error) {
      sound.close();
      throw error;
    }
  }

  /** How loud both sides are, 0 to 1. */
  get levels(): { readonly spoken: number; readonly heard: number } {
    return { spoken: this.#spokenLevel, heard: this.#heardLevel };
  }

  get quality(): LineQuality {
    const { frames, lost, doubled } = this.#line.received;
    return {
      roundTripMs: this.#roundTripMs,
      outputMs: this.#sound.outputMs,
      rateHz: this.#sound.rateHz,
      received: { frames, lost, doubled },
      play: this.#tally,
      line: this.#figures,
    };
  }

  ask(request: HandsetRequest): void {
    this.#line.ask(request);
  }

  mute(isMuted: boolean): void {
    this.#sound.isMuted = isMuted;
  }

  /** Shows the camera or the screen to the agent. Throws `SoundProblem`. */
  async show(source: PictureSource): Promise<void> {
    this.hide();
    const pictures = await ShownPictures.open(
      source,
      (jpeg) => this.#line.show(jpeg),
      () => this.hide(),
    );
    this.#pictures = pictures;
    this.#listener.onPictures(pictures.stream);
  }

  /** Shows nothing any more. */
  hide(): void {
    this.#pictures?.stop();
    this.#pictures = null;
    this.#listener.onPictures(null);
  }

  #speak(audio: Uint8Array): void {
    this.#spokenLevel = loudness(audio);
    this.#line.speak(audio);
  }

  #hear(audio: Uint8Array): void {
    this.#heardLevel = loudness(audio);
    this.#sound.play(audio);
  }

  #tell(news: NumberedNews): void {
    if (news.type === 'clear') this.#sound.clear();
    if (news.type === 'state' && news.state.phase === 'over') this.#endSound();
    this.#story = withNews(this.#story, news);
    this.#listener.onStory(this.#story);
  }

  #gone(words: string | null): void {
    this.#endSound();
    this.#listener.onGone(words);
  }

  #endSound(): void {
    this.hide();
    this.#sound.close();
    this.#spokenLevel = 0;
    this.#heardLevel = 0;
  }
}
