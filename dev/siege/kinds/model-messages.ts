import { encodeBase64 } from '../../../src/encoding/base64.ts';
import { siegeKinds } from '../siege-kind.ts';
import type { SiegeGround } from '../siege-ground.ts';

const million = 'x'.repeat(1_000_000);

/** Single messages of the attacker's model that are large, deep or broken. Each comes a few times in a second. */
export const modelMessageKinds = siegeKinds({
  'seventy-thousand-parts': (ground) => says(ground, 2, speech(Array.from({ length: 70_000 }, () => ({ text: 'a' })))),

  'forty-thousand-sounds': (ground) => {
    const inlineData = { mimeType: 'audio/pcm', data: 'AAAA' };
    return says(ground, 2, speech(Array.from({ length: 40_000 }, () => ({ inlineData }))));
  },

  'five-thousand-tool-calls': (ground) => {
    const functionCalls = Array.from({ length: 5_000 }, (_, at) => ({
      id: `${at}`,
      name: 'lookup_record',
      args: { query: `A${at}` },
    }));
    return says(ground, 5, { toolCall: { functionCalls } });
  },

  'ids-of-a-million': (ground) =>
    ground.modelSays(10, (count) =>
      JSON.stringify({ toolCall: { functionCalls: [{ id: `${count}${million}`, name: 'nothing', args: {} }] } }),
    ),

  'arguments-of-a-million': (ground) =>
    ground.modelSays(10, (count) =>
      JSON.stringify({
        toolCall: { functionCalls: [{ id: `${count}`, name: 'lookup_record', args: { query: million } }] },
      }),
    ),

  'names-of-a-million': (ground) =>
    ground.modelSays(10, (count) =>
      JSON.stringify({ toolCall: { functionCalls: [{ id: `${count}`, name: million, args: {} }] } }),
    ),

  'handles-of-a-million': (ground) =>
    ground.modelSays(10, (count) =>
      JSON.stringify({ sessionResumptionUpdate: { newHandle: `${count}${million}`, resumable: true } }),
    ),

  'words-of-a-million': (ground) =>
    ground.modelSays(10, (count) => {
      const which = count % 2 === 0 ? 'inputTranscription' : 'outputTranscription';
      return JSON.stringify({ serverContent: { [which]: { text: million } } });
    }),

  'a-minute-of-audio-in-one': (ground) => {
    const data = encodeBase64(new Uint8Array(60 * 48_000).fill(7));
    return says(ground, 3, speech([{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }]));
  },

  'audio-that-is-no-base64': (ground) => {
    const inlineData = { mimeType: 'audio/pcm', data: '-_%'.repeat(100_000) };
    return says(ground, 20, speech([{ inlineData }]));
  },

  'ten-thousand-cancellations': (ground) => {
    const ids = Array.from({ length: 10_000 }, (_, at) => `call-${at}`);
    return says(ground, 10, { toolCallCancellation: { ids } });
  },

  'deep-arguments': (ground) => {
    const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
    return ground.modelSays(
      5,
      () => `{"toolCall":{"functionCalls":[{"id":"1","name":"lookup_record","args":${deep}}]}}`,
    );
  },

  'names-of-prototypes': (ground) => {
    const args = '{"__proto__":{"query":1},"constructor":{"prototype":1},"query":{"toString":1}}';
    const call = `{"id":"__proto__","name":"constructor","args":${args}}`;
    return ground.modelSays(100, () => `{"__proto__":{"setupComplete":{}},"toolCall":{"functionCalls":[${call}]}}`);
  },

  'members-that-the-sdk-has': (ground) =>
    ground.modelSays(100, () => '{"text":"a","data":"b","serverContent":{"turnComplete":true}}'),

  'frames-that-are-no-json': (ground) =>
    ground.modelSays(100, (count) => (count % 2 === 0 ? '{"a":' : '\u0000'.repeat(10_000))),

  'bills-of-many-kinds': (ground) => {
    const promptTokensDetails = Array.from({ length: 20_000 }, (_, at) => ({ modality: `M${at}`, tokenCount: 1e15 }));
    return says(ground, 5, { usageMetadata: { promptTokensDetails, totalTokenCount: -1 } });
  },
});

async function says(ground: SiegeGround, perSecond: number, message: object): Promise<void> {
  const text = JSON.stringify(message);
  await ground.modelSays(perSecond, () => text);
}

function speech(parts: readonly object[]): object {
  return { serverContent: { modelTurn: { parts } } };
}
