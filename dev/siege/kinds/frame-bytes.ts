/** What the first bytes of a WebSocket frame say (RFC 6455, section 5.2). */
export interface FrameHead {
  /** 1 text, 2 binary, 0 more of the same, 8 close, 9 ping. */
  readonly opcode: number;
  /** Whether more of the same message follows. */
  readonly goesOn?: boolean;
  /** The reserved bits, which nobody may set. */
  readonly reserved?: number;
  /** A client must mask what it sends. */
  readonly isMasked?: boolean;
  /** The length that is told, if it is not the payload's. */
  readonly toldLength?: number;
}

/** A frame as its bytes. The mask is of zeros, so the payload stands in it as it is. */
export function frameBytes(
  { opcode, goesOn, reserved = 0, isMasked = true, toldLength }: FrameHead,
  text = '',
): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.alloc(10);
  head[0] = (goesOn === true ? 0 : 0x80) | (reserved << 4) | opcode;
  head[1] = (isMasked ? 0x80 : 0) | 127;
  head.writeBigUInt64BE(BigInt(toldLength ?? payload.length), 2);
  return Buffer.concat([head, Buffer.alloc(isMasked ? 4 : 0), payload]);
}
