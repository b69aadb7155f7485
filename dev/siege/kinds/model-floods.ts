import { encodeBase64 } from '../../../src/encoding/base64.ts';
import { siegeKinds } from '../siege-kind.ts';

/** A quarter of a second, as the model sends it. */
const audio = JSON.stringify({
  serverContent: {
    modelTurn: {
      parts: [{ inlineData: { mimeType: 'audio/pcm', data: encodeBase64(new Uint8Array(12_000).fill(9)) } }],
    },
  },
});

/** Messages of the attacker's model that are each in order, and come without end. */
export const modelFloodKinds = siegeKinds({
  'nothing-without-end': (ground) => ground.modelSays(5_000, () => '{}'),

  'audio-without-end': (ground) => ground.modelSays(500, () => audio),

  'words-without-end': (ground) =>
    ground.modelSays(2_000, (count) => `{"serverContent":{"outputTranscription":{"text":"word${count} "}}}`),

  'thoughts-without-end': (ground) =>
    ground.modelSays(2_000, (count) => `{"serverContent":{"modelTurn":{"parts":[{"text":"thought ${count}"}]}}}`),

  'interruptions-without-end': (ground) => ground.modelSays(3_000, () => '{"serverContent":{"interrupted":true}}'),

  'turns-without-end': (ground) =>
    ground.modelSays(2_000, (count) =>
      count % 2 === 0 ? '{"serverContent":{"generationComplete":true}}' : '{"serverContent":{"turnComplete":true}}',
    ),

  'tool-calls-without-end': (ground) =>
    ground.modelSays(
      1_000,
      (count) =>
        `{"toolCall":{"functionCalls":[{"id":"c${count}","name":"lookup_record","args":{"query":"A${count}"}}]}}`,
    ),

  'one-tool-call-again-and-again': (ground) =>
    ground.modelSays(
      1_000,
      () => '{"toolCall":{"functionCalls":[{"id":"same","name":"lookup_record","args":{"query":"A1042"}}]}}',
    ),

  'calls-that-are-cancelled': (ground) =>
    ground.modelSays(1_000, (count) =>
      count % 2 === 0
        ? `{"toolCall":{"functionCalls":[{"id":"c${count}","name":"lookup_record","args":{"query":"B${count}"}}]}}`
        : `{"toolCallCancellation":{"ids":["c${count - 1}"]}}`,
    ),

  'handles-without-end': (ground) =>
    ground.modelSays(1_000, (count) => `{"sessionResumptionUpdate":{"newHandle":"h${count}","resumable":true}}`),

  'goodbyes-without-end': (ground) => ground.modelSays(1_000, (count) => `{"goAway":{"timeLeft":"${count % 60}s"}}`),

  'bills-without-end': (ground) =>
    ground.modelSays(1_000, () => '{"usageMetadata":{"promptTokenCount":1,"totalTokenCount":1}}'),

  'works-and-rests': (ground) =>
    ground.modelSays(1_000, (count) => `{"interactionStatus":"${count % 2 === 0 ? 'IN_PROGRESS' : 'IDLE'}"}`),
});
