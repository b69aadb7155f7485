import type { CallPicture } from './picture/call-picture.ts';
import type { FeedSource } from './feed.ts';

/** One call opened: its row, and what was said, done and happened. */
export class OneCallSource implements FeedSource {
  readonly #picture: CallPicture;
  #changes = 0;
  #itemChanges = 0;
  #speaks = '';

  constructor(picture: CallPicture) {
    this.#picture = picture;
  }

  snapshot(): string {
    return JSON.stringify(this.#picture.view());
  }

  change(): string | null {
    const { changes, speaks, items } = this.#picture;
    if (changes === this.#changes && speaks === this.#speaks) return null;
    const view = this.#picture.view(this.#itemChanges);
    this.#changes = changes;
    this.#speaks = speaks;
    this.#itemChanges = items.changes;
    return JSON.stringify(view);
  }
}
