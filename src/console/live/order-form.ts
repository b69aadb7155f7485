import { z } from 'zod';
import type { OperatorOrder } from '../../call/events.ts';

/** What a page sends to order something of a call. How long a text may be is the call's to say. */
const orderForm = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hangUp') }),
  z.object({ kind: z.literal('transfer'), destination: z.string() }),
  z.object({ kind: z.literal('note'), text: z.string() }),
  z.object({ kind: z.literal('say'), text: z.string() }),
]);

export type OrderForm = z.infer<typeof orderForm>;

/** The answer to an order that is taken. One that is refused is an error with its reason. */
export interface OrderAnswer {
  readonly taken: true;
}

/** The order that a body holds, or null for a body that is none. */
export function parseOrder(body: unknown): OperatorOrder | null {
  const { data } = orderForm.safeParse(body);
  switch (data?.kind) {
    case undefined:
      return null;
    case 'hangUp':
      return { type: 'operator.hungUp' };
    case 'transfer':
      return { type: 'operator.transferred', destination: data.destination };
    case 'note':
      return { type: 'operator.noted', text: data.text };
    case 'say':
      return { type: 'operator.said', text: data.text };
  }
}
