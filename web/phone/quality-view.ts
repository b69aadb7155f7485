import { Component, type ComponentChild, h } from 'preact';
import { waitTime, wholeCount } from '../shared/formats.ts';
import type { LineQuality, PhonePageCall } from './phone-call.ts';

const lookMs = 1_000;

/** A frame lasts 20 ms. */
const frameMs = 20;

/** How the sound of the call is doing, in figures. */
export class QualityView extends Component<
  { readonly call: PhonePageCall | null },
  { readonly quality: LineQuality | null }
> {
  override state: { readonly quality: LineQuality | null } = { quality: null };
  #timer = 0;

  override componentDidMount(): void {
    this.#timer = window.setInterval(() => this.setState({ quality: this.props.call?.quality ?? null }), lookMs);
  }

  override componentWillUnmount(): void {
    window.clearInterval(this.#timer);
  }

  override render(): ComponentChild {
    const { quality } = this.state;
    return h('details', { class: 'card' }, [
      h('summary', {}, 'Quality of the line'),
      quality === null
        ? h('p', { class: 'soft' }, 'There are figures while a call goes on.')
        : h(
            'dl',
            { class: 'phone-figures' },
            figuresOf(quality).map(([name, figure]) => h('div', {}, [h('dt', {}, name), h('dd', {}, figure)])),
          ),
    ]);
  }
}

function figuresOf({ roundTripMs, outputMs, rateHz, received, play, line }: LineQuality): [string, string][] {
  return [
    ['To Parley and back', roundTripMs === null ? '…' : waitTime(roundTripMs)],
    ['Held back by the browser', waitTime((play?.waiting ?? 0) * frameMs + outputMs)],
    ['Heard: frames of 20 ms', countsOf(received.frames, received.lost, received.doubled)],
    [
      'Heard: gaps',
      `${wholeCount(play?.gaps ?? 0)}; ${wholeCount(play?.dropped ?? 0)} dropped, ${wholeCount(play?.shortened ?? 0)} pauses left out`,
    ],
    ['Heard: thrown away when the agent was interrupted', wholeCount(play?.cleared ?? 0)],
    ['Spoken: frames of 20 ms', line === null ? '…' : countsOf(line.received, line.lost, line.doubled)],
    [
      'Spoken: gaps',
      line === null
        ? '…'
        : `${wholeCount(line.speech.missing)}; ${wholeCount(line.speech.dropped)} dropped, ${wholeCount(line.speech.shortened)} pauses left out`,
    ],
    ['Spoken: waits at the phone network', line === null ? '…' : waitTime(line.speech.waiting * frameMs)],
    ['Rate of the sound card', `${wholeCount(rateHz)} Hz; the line has 8,000 Hz`],
  ];
}

function countsOf(frames: number, lost: number, doubled: number): string {
  return `${wholeCount(frames)}; ${wholeCount(lost)} lost, ${wholeCount(doubled)} twice`;
}
