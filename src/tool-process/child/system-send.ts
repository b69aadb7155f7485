import type { ProcessNews } from '../process-messages.ts';

/** Tells the parent something; `sent` is called when it is on its way, or cannot be. */
export type SendNews = (news: ProcessNews, sent?: () => void) => void;

/**
 * The way to the parent, and from here on the only one: there are programs that look whether they have a parent, and would fill its memory
 * with messages of their own.
 */
export function systemSend(): SendNews {
  const send = process.send?.bind(process);
  Reflect.deleteProperty(process, 'send');
  return (news, sent = () => {}) => {
    if (send === undefined || !process.connected) sent();
    else send(news, undefined, {}, () => sent());
  };
}
