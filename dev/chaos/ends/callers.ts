import { startRestServer } from '../../../src/sim/carrier/hosts/rest-server.ts';
import { Lateness } from '../../siege/lateness.ts';
import { chaosAccount } from '../ground/chaos-account.ts';
import type { CallerEndNews, CallerEndOrder } from './chaos-orders.ts';
import { CrowdOfCallers } from './crowd-of-callers.ts';
import { openRestDoor } from './rest-door.ts';

// The phone network and everybody who calls, in a process of their own.

const crowd = new CrowdOfCallers();
const lateness = new Lateness();

async function obey(order: CallerEndOrder): Promise<CallerEndNews> {
  switch (order.order) {
    case 'open': {
      const { accountSid, authToken } = chaosAccount;
      const { url } = await startRestServer({
        accountSid,
        credentials: [{ user: accountSid, password: authToken }],
        callBySid: (callSid) => crowd.all.find(({ phone }) => phone.callSid === callSid)?.phone,
      });
      return { news: 'listening', proxyUrl: await openRestDoor(url, order.keyFile, order.certFile) };
    }
    case 'begin':
      lateness.startOver();
      crowd.begin(order.target, order.calls, order.seed);
      return { news: 'begun' };
    case 'count':
      return { news: 'talking', count: crowd.all.filter(({ isTalking }) => isTalking).length };
    case 'end':
      await crowd.end();
      return { news: 'called', calls: crowd.all.map(({ facts }) => facts), late: lateness.figures };
  }
}

process.on('message', (order: CallerEndOrder) => void obey(order).then((news) => process.send?.(news)));
process.once('disconnect', () => process.exit());
