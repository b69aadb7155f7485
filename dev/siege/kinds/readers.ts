import { paths } from '../../../src/twilio/paths.ts';
import { siegeKinds } from '../siege-kind.ts';
import { formText } from './http-text.ts';

/** What whoever reads standard output may do: a log shipper that hangs is no attacker, but what is logged meanwhile may be one's. */
export const readerKinds = siegeKinds({
  'nobody-reads-the-log': async (ground) => {
    ground.service.stopReading();
    // Names that are as long as a log may say them, so that the pipe is full at once.
    const fields = Array.from({ length: 50 }, (_, at) => `${at}${'n'.repeat(38)}=1`).join('&');
    await ground.every(200, () => ground.send(formText(paths.voice, fields)));
  },

  'nobody-reads-the-log-of-a-call': (ground) => {
    ground.service.stopReading();
    return ground.modelSays(
      200,
      (count) => `{"toolCall":{"functionCalls":[{"id":"r${count}","name":"nothing","args":{}}]}}`,
    );
  },
});
