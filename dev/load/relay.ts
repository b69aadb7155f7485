import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { listenOnAnyPort } from '../../test/any-port.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';

/**
 * The smallest bridge between Twilio and Gemini Live, as the yardstick of what a call must cost: sockets, mu-law by table, each sample
 * doubled on the way up, the mean of three on the way down, message for message, and no state. It survives nothing.
 */
const [, , modelUrl = ''] = process.argv;

const twiml =
  '<?xml version="1.0" encoding="UTF-8"?><Response><Connect><Stream url="wss://parley.example/twilio/media">' +
  '<Parameter name="token" value="relay"/></Stream></Connect></Response>';

const http = createServer((request, response) => {
  request.resume();
  request.once('end', () => response.setHeader('content-type', 'text/xml').end(twiml));
});
new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', relay);
console.log(JSON.stringify({ port: await listenOnAnyPort(http) }));

function relay(phone: WebSocket): void {
  let streamSid = '';
  let model: WebSocket | null = null;
  phone.on('error', () => {});
  phone.on('close', () => model?.close());
  phone.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString());
    if (message.event === 'start') {
      streamSid = message.streamSid;
      model = new WebSocket(modelUrl, { perMessageDeflate: false });
      model.on('error', () => {});
      model.on('open', () =>
        model?.send(`{"setup":{"model":"models/any","labels":{"call":"${message.start.callSid}"}}}`),
      );
      model.on('message', (frame: Buffer) => toCaller(phone, streamSid, JSON.parse(frame.toString())));
    } else if (message.event === 'media' && model?.readyState === WebSocket.OPEN) {
      const codes = Buffer.from(message.media.payload, 'base64');
      const pcm = Buffer.allocUnsafe(4 * codes.length);
      for (let at = 0; at < codes.length; at += 1) {
        const sample = mulawCodec.decode[codes[at] ?? 0] ?? 0;
        pcm.writeInt16LE(sample, 4 * at);
        pcm.writeInt16LE(sample, 4 * at + 2);
      }
      const audio = { data: pcm.toString('base64'), mimeType: 'audio/pcm;rate=16000' };
      model.send(JSON.stringify({ realtimeInput: { audio } }));
    }
  });
}

interface ModelMessage {
  readonly serverContent?: {
    readonly interrupted?: boolean;
    readonly modelTurn?: { readonly parts: readonly { readonly inlineData?: { readonly data: string } }[] };
  };
}

function toCaller(phone: WebSocket, streamSid: string, { serverContent }: ModelMessage): void {
  if (serverContent?.interrupted === true) phone.send(JSON.stringify({ event: 'clear', streamSid }));
  for (const { inlineData } of serverContent?.modelTurn?.parts ?? []) {
    if (inlineData === undefined) continue;
    const pcm = Buffer.from(inlineData.data, 'base64');
    const codes = Buffer.allocUnsafe(Math.floor(pcm.length / 6));
    for (let at = 0; at < codes.length; at += 1) {
      const sum = pcm.readInt16LE(6 * at) + pcm.readInt16LE(6 * at + 2) + pcm.readInt16LE(6 * at + 4);
      codes[at] = mulawCodec.encode[Math.round(sum / 3) + 32_768] ?? 0;
    }
    phone.send(JSON.stringify({ event: 'media', streamSid, media: { payload: codes.toString('base64') } }));
  }
}
