/** Six digits or more, with what people write between them, and addresses of SIP: `+43 1 2345678`, `sip:desk@pbx.example.com`. */
const reachesSomebody = /\+?(?:\d[\s().\-/\u2010-\u2015]*){6,}|\bsips?:\S+/gi;

/** A name or value of a file as a message may show it: whoever swaps a name and a number finds the number in neither the log nor a terminal. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(reachesSomebody, '…');
}
