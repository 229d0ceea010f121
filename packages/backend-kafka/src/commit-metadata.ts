import { VarintReader, writeVarint } from './varint.ts';

/** How often a message failed or was lost in a group. */
export interface Counts {
  /** Number of deliveries that ended with `nack`. */
  readonly failures: number;
  /** Number of deliveries that ended without an outcome. */
  readonly losses: number;
}

/** The state of a group in a partition, which Kafka stores as the offset and the metadata of a commit. */
export interface CommitState {
  /** The offset of the first message that is not settled. */
  readonly prefix: number;
  /** The offsets of the unsettled messages from `prefix` up to `end`, in ascending order. */
  readonly holes: readonly number[];
  /** The offset after the last settled message. */
  readonly end: number;
  /** Counts that are not 0, with the offset of the message, in ascending order of offset. */
  readonly counts: readonly (readonly [offset: number, counts: Counts])[];
  /** Maximum number of deliveries of the owner that are not counted yet, or 0 if the owner left cleanly. */
  readonly window: number;
}

/** A state as text, and the offset up to which the text describes the state. */
export interface EncodedState {
  readonly metadata: string;
  /** Messages at this offset and after it are stored as not settled. */
  readonly end: number;
}

const VERSION = 1;
/** Maximum length of the metadata: Kafka's default for `offset.metadata.max.bytes`. */
const MAX_CHARACTERS = 4_096;
/** Maximum number of bytes before the encoding in Base64, which stores 6 bits per character. */
const MAX_BYTES = (MAX_CHARACTERS / 4) * 3;
/** Maximum number of bytes that failures and losses may use in the metadata. */
const COUNTS_BYTES = MAX_BYTES / 3;

/**
 * Encodes a state. If the state does not fit, later messages are stored as not settled, and later counts are omitted.
 */
export function encodeState(state: CommitState): EncodedState {
  const bytes: number[] = [VERSION];
  writeVarint(bytes, state.window);
  const counts = encodeCounts(state);
  const budget = MAX_BYTES - bytes.length - counts.length - 4;
  const runs = encodeRuns(state, budget);
  const span = state.end - state.prefix;
  const size = Math.ceil(span / 8);
  if (
    span > 0 &&
    (runs.end < state.end || size < runs.bytes.length) &&
    (size <= budget || runs.end < state.prefix + budget * 8)
  ) {
    const bits = encodeBits(state, Math.min(size, budget));
    writeVarint(bytes, bits.bytes.length * 2 + 1);
    bytes.push(...bits.bytes, ...counts);
    return { metadata: Buffer.from(bytes).toString('base64url'), end: bits.end };
  }
  writeVarint(bytes, runs.bytes.length * 2);
  bytes.push(...runs.bytes, ...counts);
  return { metadata: Buffer.from(bytes).toString('base64url'), end: runs.end };
}

/** Decodes a state. Returns `undefined` if the metadata is missing or was written by another program. */
export function decodeState(prefix: number, metadata: string): CommitState | undefined {
  const bytes = Buffer.from(metadata, 'base64url');
  if (bytes[0] !== VERSION || bytes.toString('base64url') !== metadata) return undefined;
  try {
    const reader = new VarintReader(bytes, 1);
    const window = reader.read();
    const form = reader.read();
    const start = reader.position;
    const stop = start + Math.floor(form / 2);
    if (stop > bytes.length) return undefined;
    const settled =
      form % 2 === 1 ? decodeBits(prefix, bytes.subarray(start, stop)) : decodeRuns(prefix, bytes, start, stop);
    return { prefix, ...settled, counts: decodeCounts(prefix, bytes, stop), window };
  } catch {
    return undefined;
  }
}

/** Encodes the lengths of alternating runs of unsettled and settled messages, beginning with an unsettled run. */
function encodeRuns({ prefix, holes, end }: CommitState, budget: number): { bytes: number[]; end: number } {
  const bytes: number[] = [];
  let at = prefix;
  let index = 0;
  while (at < end) {
    const from = index;
    while (index < holes.length && holes[index] === at + (index - from)) index += 1;
    const open = index - from;
    const next = index < holes.length ? Math.min(holes[index] as number, end) : end;
    const run: number[] = [];
    writeVarint(run, open);
    writeVarint(run, next - at - open);
    if (bytes.length + run.length > budget) return { bytes, end: at };
    bytes.push(...run);
    at = next;
  }
  return { bytes, end };
}

function decodeRuns(prefix: number, bytes: Uint8Array, start: number, stop: number): { holes: number[]; end: number } {
  const reader = new VarintReader(bytes, start, stop);
  const holes: number[] = [];
  let at = prefix;
  while (!reader.isAtEnd) {
    const open = reader.read();
    for (let index = 0; index < open; index += 1) holes.push(at + index);
    at += open + reader.read();
  }
  return { holes, end: at };
}

/** Encodes one bit per message, where 1 means settled. */
function encodeBits({ prefix, holes, end }: CommitState, size: number): { bytes: number[]; end: number } {
  const bytes = new Array<number>(size).fill(255);
  const last = Math.min(end, prefix + size * 8);
  const clear = (offset: number): void => {
    const distance = offset - prefix;
    bytes[distance >> 3] = (bytes[distance >> 3] as number) & ~(1 << (distance & 7));
  };
  for (const hole of holes) if (hole < last) clear(hole);
  for (let offset = last; offset < prefix + size * 8; offset += 1) clear(offset);
  return { bytes, end: last };
}

function decodeBits(prefix: number, bytes: Uint8Array): { holes: number[]; end: number } {
  const holes: number[] = [];
  let end = prefix;
  for (let distance = 0; distance < bytes.length * 8; distance += 1) {
    const isSettled = (((bytes[distance >> 3] as number) >> (distance & 7)) & 1) === 1;
    if (isSettled) end = prefix + distance + 1;
    else holes.push(prefix + distance);
  }
  return { holes: holes.filter((hole) => hole < end), end };
}

/** Encodes each run of equal counts as its distance from the previous run, its length, its losses and its failures. */
function encodeCounts({ prefix, counts }: CommitState): number[] {
  const bytes: number[] = [];
  let at = prefix;
  for (let index = 0; index < counts.length; ) {
    const [offset, { losses, failures }] = counts[index] as (typeof counts)[number];
    let length = 1;
    for (; index + length < counts.length; length += 1) {
      const [next, other] = counts[index + length] as (typeof counts)[number];
      if (next !== offset + length || other.losses !== losses || other.failures !== failures) break;
    }
    const run: number[] = [];
    for (const value of [offset - at, length, losses, failures]) writeVarint(run, value);
    if (bytes.length + run.length > COUNTS_BYTES) return bytes;
    bytes.push(...run);
    at = offset + length;
    index += length;
  }
  return bytes;
}

function decodeCounts(prefix: number, bytes: Uint8Array, start: number): [number, Counts][] {
  const reader = new VarintReader(bytes, start);
  const counts: [number, Counts][] = [];
  let at = prefix;
  while (!reader.isAtEnd) {
    at += reader.read();
    const length = reader.read();
    const losses = reader.read();
    const failures = reader.read();
    if (length > MAX_CHARACTERS * 8)
      throw new RangeError('the commit metadata is damaged: a run of counts is too long');
    for (let index = 0; index < length; index += 1) counts.push([at + index, { losses, failures }]);
    at += length;
  }
  return counts;
}
