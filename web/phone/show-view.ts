import { Component, type ComponentChild, h } from 'preact';
import type { PhonePageCall } from './phone-call.ts';
import type { PhoneStory } from './phone-story.ts';
import type { PictureSource } from './pictures.ts';

interface ShowProps {
  readonly call: PhonePageCall | null;
  /** What is shown now. */
  readonly shown: MediaStream | null;
  readonly story: PhoneStory | null;
  /** Why nothing can be shown; null where it can. */
  readonly noPictures: string | null;
  readonly onTrouble: (error: unknown) => void;
}

/** The camera or the screen, shown to the agent. */
export class ShowView extends Component<ShowProps> {
  override render(): ComponentChild {
    const { call, shown, story, noPictures } = this.props;
    return h('section', { class: 'card', 'aria-label': 'Show something' }, [
      h('h2', { class: 'phone-first' }, 'Show something'),
      noPictures === null ? this.#renderButtons() : h('p', { class: 'soft' }, noPictures),
      call === null && noPictures === null ? h('p', { class: 'soft' }, 'First call the agent.') : null,
      shown === null ? null : h('video', { class: 'phone-shown', muted: true, autoplay: true, 'aria-label': 'What is shown', ref: play(shown) }),
      story !== null && (story.picturesTaken > 0 || story.pictureRefusal !== null) ? taken(story) : null,
    ]);
  }

  #renderButtons(): ComponentChild {
    const { call, shown } = this.props;
    const show = (source: PictureSource, name: string): ComponentChild =>
      h('button', { class: 'quiet', disabled: call === null, onClick: () => void this.#show(source) }, name);
    return [
      h('p', { class: 'soft' }, [
        'The agent gets one picture a second, of 768 pixels at most. Each costs some 258 tokens of input, and a session with pictures ends after two minutes, so that Parley renews it sooner.',
      ]),
      h('div', { class: 'phone-buttons' }, [
        shown === null ? show('camera', 'Show the camera') : null,
        shown === null ? show('screen', 'Show the screen') : null,
        shown === null ? null : h('button', { class: 'quiet', onClick: () => call?.hide() }, 'Show nothing any more'),
      ]),
    ];
  }

  async #show(source: PictureSource): Promise<void> {
    try {
      await this.props.call?.show(source);
    } catch (error) {
      this.props.onTrouble(error);
    }
  }
}

function taken({ picturesTaken, pictureRefusal }: PhoneStory): ComponentChild {
  return h('p', { role: 'status' }, [
    `The agent was given ${picturesTaken} picture${picturesTaken === 1 ? '' : 's'}.`,
    pictureRefusal === null ? null : h('span', { class: 'bad' }, ` The last one was not taken: ${pictureRefusal}`),
  ]);
}

function play(stream: MediaStream) {
  return (video: HTMLVideoElement | null): void => {
    if (video !== null && video.srcObject !== stream) video.srcObject = stream;
  };
}
