import type { JsonObject } from '../../encoding/json.ts';
import type { CloseFrame } from './protocol/close-reasons.ts';
import { joinMessages } from './protocol/server-message.ts';
import type { ServerContent, ServerMessage } from './protocol/server-message.ts';

/** What the service does with the socket. A message goes out as pretty-printed JSON in a binary frame (GM-FRAME-1). */
export type ModelEffect =
  | { readonly type: 'message.send'; readonly message: JsonObject }
  /** A binary frame with this text, which is not JSON. */
  | { readonly type: 'text.send'; readonly text: string }
  | { readonly type: 'socket.close'; readonly close: CloseFrame }
  /** The connection is lost: no close frame. */
  | { readonly type: 'socket.drop' };

/** Whether nothing can follow on the socket. */
export function endsSocket({ type }: ModelEffect): boolean {
  return type === 'socket.close' || type === 'socket.drop';
}

/** A message as it stands in a frame (GM-FRAME-1): `{"setupComplete":{}}` becomes the 26 bytes that the real service sends. */
export function messageText(message: unknown): string {
  return `${JSON.stringify(message, null, 2)}\n`;
}

/** Collects the effects of one event, in order. Bundled, messages of the same instant are joined where they fit together (GM-FRAME-2). */
export class Outbox {
  readonly #isBundled: boolean;
  #effects: ModelEffect[] = [];
  /** The last effect, where it is a message that another may be joined to. */
  #joinable: ServerMessage | null = null;
  #isClosed = false;

  constructor(isBundled: boolean) {
    this.#isBundled = isBundled;
  }

  /** True once the socket was closed or dropped: everything after it is lost. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(message: ServerMessage): void {
    const joined = this.#joinable === null ? null : joinMessages(this.#joinable, message);
    if (joined !== null) this.#effects.pop();
    this.add({ type: 'message.send', message: joined ?? message });
    if (this.#isBundled) this.#joinable = joined ?? message;
  }

  sendContent(serverContent: ServerContent): void {
    this.send({ serverContent });
  }

  close(close: CloseFrame): void {
    this.add({ type: 'socket.close', close });
  }

  add(effect: ModelEffect): void {
    if (this.#isClosed) return;
    this.#effects.push(effect);
    this.#joinable = null;
    this.#isClosed = endsSocket(effect);
  }

  /** Gives the effects and forgets them. */
  take(): readonly ModelEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    this.#joinable = null;
    return effects;
  }
}
