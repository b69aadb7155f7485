import { type ComponentChild, h } from 'preact';
import type { PhoneAgent } from '../../src/console/phone/phone-news.ts';

/** Who answers: a model, or recorded sentences that say what they can. */
export function aboutAgent(agent: PhoneAgent): ComponentChild {
  return agent.model.kind === 'simulated' ? simulatedAgent(agent) : realAgent(agent.model.name);
}

/** What a call from here is, and what it is not. */
export function aboutCalls({ heldBackTools }: PhoneAgent, callMinutesMax: number): ComponentChild {
  return h('section', { class: 'card', 'aria-label': 'About calls from here' }, [
    h('h2', { class: 'phone-first' }, 'About calls from here'),
    h('p', {}, [
      'Parley plays the phone network on this machine: the same webhook, the same stream, 8,000 Hz. What works here works on the line. ',
      h('b', {}, 'Nobody is called: '),
      'a transfer, a message or an order to the phone network ends on this machine, and this page says what would have happened. ',
      heldBackTools.length === 0 ? 'The tools of the agent do what they do on the telephone.' : null,
    ]),
    heldBackTools.length === 0
      ? null
      : h('p', {}, [
          h('b', {}, 'Nothing is changed: '),
          `these tools of the agent do nothing here: ${heldBackTools.join(', ')}. To let them act, set ADMIN_CALLS_ACT=true.`,
        ]),
    h('p', { class: 'soft' }, `A call ends after ${callMinutesMax} minutes.`),
  ]);
}

function simulatedAgent({ tools, destinations: [destination] }: PhoneAgent): ComponentChild {
  const answers = [
    ...(tools.includes('lookup_record') ? ['looks up the first record of your LOOKUP_FILE'] : []),
    ...(destination === undefined ? [] : [`passes you on to ${destination}`]),
    'says that it knows nothing more',
  ];
  return h('div', { class: 'card phone-simulated' }, [
    h('p', {}, [
      h('b', {}, 'This is a simulated agent. '),
      'GEMINI_API_KEY is not set, so you hear recorded sentences. It notices when you speak and when you stop, and you can interrupt it, but it understands no words. ',
      `Whatever you say, it ${answers.join('; when you have spoken again, it ')}.`,
    ]),
    h('p', {}, 'To talk with the real agent, put a key into .env (npm run setup) and start Parley again.'),
  ]);
}

function realAgent(model: string): ComponentChild {
  return h('p', {}, `You talk with the real agent (${model}). You pay for the model as you do in a phone call.`);
}
