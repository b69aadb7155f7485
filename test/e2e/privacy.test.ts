import { expect, test } from 'vitest';
import { z } from 'zod';
import { builtInTools } from '../../src/tools/built-in.ts';
import { createTools, defineTool } from '../../src/tools/tool.ts';
import { callForm, post, tokenIn } from '../twilio/twilio-client.ts';
import { toneClip } from '../tone.ts';
import { authToken, calledNumber, caller, fallback, geminiKey, ServiceScene } from './service-scene.ts';

const support = '+12025550144';
const accountSid = `AC${'1'.repeat(32)}`;
const keySecret = 'api-key-secret-77aa';
const said = {
  greeting: 'Welcome to the house of many parrots.',
  caller: 'My parrot is called Quetzal and bites everybody.',
  agent: 'Oh dear, then I connect you with somebody brave.',
  apology: 'Something went terribly wrong over here.',
  lookedUp: 'Quetzal was last seen at eleven Harbour Street.',
};

test('a whole call at level trace leaves no personal data and no secret in the log', async (context) => {
  const lookUp = defineTool({
    name: 'look_up',
    description: 'Looks up a parrot.',
    parameters: z.object({ name: z.string() }),
    run: () => ({ response: { result: said.lookedUp } }),
  });
  const scene = await ServiceScene.open(context, {
    env: {
      TRANSFER_DESTINATIONS: `support=${support}`,
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_API_KEY_SID: `SK${'2'.repeat(32)}`,
      TWILIO_API_KEY_SECRET: keySecret,
      AGENT_GREETING: said.greeting,
      AGENT_APOLOGY: said.apology,
    },
    parts: { tools: createTools([lookUp, ...builtInTools({ lookupTable: null, destinations: ['support'] })]) },
    model: {
      clips: new Map([
        ['greeting', toneClip(600, 8000, said.greeting)],
        ['agent', toneClip(600, 400, said.agent)],
      ]),
      script: {
        turns: [
          { steps: [{ say: 'greeting' }] },
          {
            heard: said.caller,
            steps: [
              { call: { name: 'look_up', args: { name: 'Quetzal of my heart' } } },
              { call: { name: 'look_up', args: { parrot: 7 } } },
              { call: { name: 'transfer_call', args: { destination: 'support' }, answered: [{ say: 'agent' }] } },
            ],
          },
        ],
        setupMs: 0,
        latencyMs: 0,
        heardMs: 0,
      },
    },
  });
  // The caller cuts the greeting short, at some length for a machine that is busy, is connected, reaches nobody, and comes back.
  const steps = [
    { waitFor: 'agentSpeaking', ms: 300 },
    { tone: { hz: 440, ms: 3000 } },
    { waitFor: 'agentSpeaking' },
    // The silence before the answer is no end of the call, however long it is on a busy machine.
    { waitFor: 'agentQuiet', ms: 6000 },
    { hangUp: true },
  ] as const;
  const phone = scene.call({ script: { steps }, dialOutcomes: { [support]: { type: 'busy', afterMs: 50 } } });
  await phone.ended;

  // Every line that holds personal data under `pii`, or could hold it by mistake, must have been written.
  const written = new Set(scene.log.all.map(({ msg }) => msg));
  const wanted = [
    'callReceived',
    'bargeIn',
    'toolCalled',
    'toolFailed',
    'leaving',
    'transcript',
    'dialEnded',
    'callEnded',
  ];
  expect(wanted.filter((name) => !written.has(name))).toEqual([]);

  const twiml = await post(scene.url, '/twilio/voice', callForm({ CallSid: phone.callSid }));
  const secrets = [authToken, geminiKey, keySecret, tokenIn(twiml.text)];
  const numbers = [caller, calledNumber, fallback, support].map((number) => number.slice(2));
  const words = [...Object.values(said), 'Quetzal of my heart'].flatMap(threeWordsOf);
  const log = scene.log.text.toLowerCase();
  expect([...secrets, ...numbers, ...words].filter((text) => log.includes(text.toLowerCase()))).toEqual([]);
});

/** Each run of three words in a sentence, by which it can be known again. */
function threeWordsOf(sentence: string): string[] {
  const words = sentence.split(' ');
  return words.slice(2).map((_, at) => words.slice(at, at + 3).join(' '));
}
