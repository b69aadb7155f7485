/** The process at which a call is followed. While the call moves, the board may name none. */
export class FollowedProcess {
  #name: string | null;

  constructor(name: string | null) {
    this.#name = name;
  }

  /** Takes what the board names. Whether it is another one than before. */
  moves(name: string | null): boolean {
    const before = this.#name;
    this.#name = name ?? before;
    return before !== null && before !== this.#name;
  }
}
