import type { OfficeWords } from './office.ts';

/** A talk as people have it, with a few long sentences. */
export const ordinaryWords: OfficeWords = {
  caller: [
    'Hi, I would like to know where my order is. The number is A one zero four two.',
    'And can you tell me whether the delivery comes before noon? I am at work in the afternoon, and my neighbours are on holiday until the end of the month, so nobody could open the door.',
    'All right, thank you very much.',
  ],
  agent: [
    'Your order A one zero four two left our warehouse yesterday. It should be with you on Tuesday.',
    'The carrier comes between eight and eleven in your street, so you will be at home. If that changes, they send you a message.',
    'You are welcome. Have a nice day!',
  ],
  record: 'Espresso machine, shipped on Monday, expected on Tuesday before noon',
  callerName: 'Maria Lindqvist',
};
