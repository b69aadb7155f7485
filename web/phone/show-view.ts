import { Component, type ComponentChild, h } from 'preact';
import type { PhoneAgent } from '../../src/console/phone/phone-news.ts';
import type { PhonePageCall } from './phone-call.ts';
import type { PhoneStory } from './phone-story.ts';
import type { PictureSource } from './shown-pictures.ts';

interface ShowProps {
  readonly call: PhonePageCall | null;
  /** What is shown now. */
  readonly shown: MediaStream | null;
  readonly story: PhoneStory | null;
  readonly pictures: PhoneAgent['pictures'];
  readonly onTrouble: (error: unknown) => void;
}

/** The camera or the screen, shown to the agent. */
export class ShowView extends Component<ShowProps> {
  override render(): ComponentChild {
    const { call, shown, story, pictures } = this.props;
    const isTaken = pictures !== 'refused';
    return h('section', { class: 'card', 'aria-label': 'Show something' }, [
      h('h2', { class: 'phone-first' }, 'Show something'),
      isTaken
        ? this.#renderButtons()
        : h('p', { class: 'soft' }, 'The model of this agent takes no pictures. Choose another one with GEMINI_MODEL.'),
      call === null && isTaken ? h('p', { class: 'soft' }, 'Call the agent first.') : null,
      shown === null
        ? null
        : h('video', {
            class: 'phone-shown',
            muted: true,
            autoplay: true,
            'aria-label': 'What is shown',
            ref: play(shown),
          }),
      story !== null && (story.picturesTaken > 0 || story.pictureRefusal !== null) ? taken(story) : null,
    ]);
  }

  #renderButtons(): ComponentChild {
    const { call, shown, pictures } = this.props;
    const show = (source: PictureSource, name: string): ComponentChild =>
      h('button', { class: 'quiet', disabled: call === null, onClick: () => void this.#show(source) }, name);
    return [
      h('p', { class: 'soft' }, [
        'The agent gets one picture a second, of 768 pixels at most. Each costs 258 tokens of input.',
        pictures === 'shortenSession'
          ? ' As the context is not compressed, a session with pictures lasts two minutes at most: Parley renews it in time.'
          : null,
      ]),
      h('div', { class: 'phone-buttons' }, [
        shown === null ? show('camera', 'Show the camera') : null,
        shown === null ? show('screen', 'Show the screen') : null,
        shown === null ? null : h('button', { class: 'quiet', onClick: () => call?.hide() }, 'Stop showing'),
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
