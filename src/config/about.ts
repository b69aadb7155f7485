import { z } from 'zod';

interface About {
  /** The heading under which the variable stands in `.env.example` and `docs/configuration.md`. */
  readonly group: string;
  readonly doc: string;
  /** No message, log or page may hold the value. */
  readonly secret?: true;
}

/** What a person must know about each variable of `environment`. */
export const about = z.registry<About>();
