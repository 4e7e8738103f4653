// The records of a PowerPoint 97–2003 file ([MS-PPT] §2.3.1): some hold bytes, some hold records.

export interface PptRecord {
  type: number;
  instance: number;
  /** Its header says that it holds records. */
  isContainer: boolean;
  /** Where its content begins and ends in the stream. */
  from: number;
  end: number;
}

/** The bytes of records that may still be looked at: a thousand slides may name the same place. */
export interface Budget {
  left: number;
}

/** No presentation nests so deep; a forged one may. */
export const MAX_DEPTH = 30;

export function recordAt(stream: Buffer, at: number, limit: number): PptRecord | null {
  if (at < 0 || at + 8 > limit) return null;
  const head = stream.readUInt16LE(at);
  return {
    type: stream.readUInt16LE(at + 2),
    instance: head >> 4,
    isContainer: (head & 0xf) === 0xf,
    from: at + 8,
    end: Math.min(limit, at + 8 + stream.readUInt32LE(at + 4)),
  };
}

/** The records side by side in a container. */
export function* recordsIn(
  stream: Buffer,
  container: { from: number; end: number },
  budget: Budget,
): Generator<PptRecord> {
  for (let at = container.from; budget.left > 0; ) {
    const record = recordAt(stream, at, container.end);
    if (!record) return;
    budget.left -= 8;
    yield record;
    at = record.end;
  }
}

/** Every record inside, each before what it holds. */
export function* recordsWithin(
  stream: Buffer,
  container: { from: number; end: number },
  budget: Budget,
  depth = 0,
): Generator<PptRecord> {
  for (const record of recordsIn(stream, container, budget)) {
    yield record;
    if (record.isContainer && depth < MAX_DEPTH) yield* recordsWithin(stream, record, budget, depth + 1);
  }
}
