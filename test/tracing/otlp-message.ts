/** A span as a collector gets it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentId: string;
  readonly name: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Why it failed; null when it did not. */
  readonly failed: string | null;
  /** Those of the service. */
  readonly resource: Readonly<Record<string, string | number | boolean>>;
}

type Field = bigint | Buffer;

/** The fields of a protobuf message by their numbers. */
class Message {
  readonly #fields = new Map<number, Field[]>();
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    while (this.#at < bytes.length) {
      const tag = Number(this.#varint());
      const number = tag >> 3;
      this.#fields.set(number, [...(this.#fields.get(number) ?? []), this.#field(tag & 7)]);
    }
  }

  messages(number: number): Message[] {
    return this.#all(number).map((bytes) => new Message(bytes));
  }

  bytes(number: number): Buffer | null {
    return this.#all(number)[0] ?? null;
  }

  text(number: number): string {
    return this.bytes(number)?.toString() ?? '';
  }

  number(number: number): bigint | null {
    const [field] = this.#fields.get(number) ?? [];
    return typeof field === 'bigint' ? field : null;
  }

  #all(number: number): Buffer[] {
    return (this.#fields.get(number) ?? []).filter((field) => typeof field !== 'bigint');
  }

  #field(wireType: number): Field {
    switch (wireType) {
      case 0:
        return this.#varint();
      case 1:
        return this.#take(8).readBigUInt64LE();
      case 2:
        return this.#take(Number(this.#varint()));
      case 5:
        return BigInt(this.#take(4).readUInt32LE());
      default:
        throw new RangeError(`Unknown wire type ${wireType}.`);
    }
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#bytes[this.#at] ?? 0;
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  #take(length: number): Buffer {
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }
}

/** The spans of a request of OTLP, by the numbers of opentelemetry-proto's trace.proto. */
export function spansIn(body: Buffer): ReceivedSpan[] {
  return new Message(body).messages(1).flatMap((resourceSpans) => {
    const resource = attributesOf(resourceSpans.messages(1)[0]?.messages(1) ?? []);
    return resourceSpans
      .messages(2)
      .flatMap((scope) => scope.messages(2))
      .map((span) => spanOf(span, resource));
  });
}

function spanOf(span: Message, resource: ReceivedSpan['resource']): ReceivedSpan {
  const [status] = span.messages(15);
  return {
    traceId: span.bytes(1)?.toString('hex') ?? '',
    spanId: span.bytes(2)?.toString('hex') ?? '',
    parentId: span.bytes(4)?.toString('hex') ?? '',
    name: span.text(5),
    sinceMs: Number(span.number(7) ?? 0n) / 1e6,
    untilMs: Number(span.number(8) ?? 0n) / 1e6,
    attributes: attributesOf(span.messages(9)),
    failed: status?.number(3) === 2n ? status.text(2) : null,
    resource,
  };
}

function attributesOf(pairs: readonly Message[]): Record<string, string | number | boolean> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [value] = pair.messages(2);
      const double = value?.number(4);
      const whole = value?.number(3);
      const flag = value?.number(2);
      if (double !== null && double !== undefined) return [pair.text(1), asDouble(double)];
      if (whole !== null && whole !== undefined) return [pair.text(1), Number(whole)];
      return [pair.text(1), flag === null || flag === undefined ? (value?.text(1) ?? '') : flag === 1n];
    }),
  );
}

function asDouble(bits: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(bits);
  return bytes.readDoubleLE();
}
