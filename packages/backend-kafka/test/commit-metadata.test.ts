import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CommitState, type Counts, decodeState, encodeState } from '../src/commit-metadata.ts';

const MAX_CHARACTERS = 4_096;

/** A state with these messages after the prefix: settled or not, and its counts. */
function stateOf(prefix: number, messages: readonly { settled: boolean; counts?: Counts }[]): CommitState {
  const last = messages.findLastIndex(({ settled }) => settled);
  const open = messages
    .map((message, index) => ({ ...message, offset: prefix + index }))
    .filter((each) => !each.settled);
  return {
    prefix,
    holes: open.map(({ offset }) => offset).filter((offset) => offset <= prefix + last),
    end: prefix + last + 1,
    counts: open.flatMap(({ offset, counts }) => (counts === undefined ? [] : [[offset, counts] as const])),
    window: 64,
  };
}

const counts = fc.record({ failures: fc.nat(30), losses: fc.integer({ min: 1, max: 30 }) });

test('restores any state of a small number of messages', () => {
  const message = fc.record({ settled: fc.boolean(), counts: fc.option(counts, { nil: undefined }) });
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.array(message, { maxLength: 300 }), (prefix, messages) => {
      const first = messages.findIndex(({ settled }) => !settled);
      const state = stateOf(
        prefix,
        messages
          .slice(Math.max(0, first))
          .map(({ settled, counts: own }) => (own ? { settled, counts: own } : { settled })),
      );
      const { metadata, end } = encodeState(state);
      expect(end).toBe(state.end);
      expect(metadata.length).toBeLessThanOrEqual(MAX_CHARACTERS);
      expect(decodeState(prefix, metadata)).toEqual(state);
    }),
  );
});

test('stores a settled tail of 100,000 messages behind one open message in a few characters', () => {
  const state = { prefix: 7, holes: [7], end: 100_008, counts: [], window: 64 };
  const { metadata } = encodeState(state);
  expect(metadata.length).toBeLessThan(16);
  expect(decodeState(7, metadata)).toEqual(state);
});

test.for([2, 3, 7])('stores what fits of %i-fold holes, and says where it ends', (every) => {
  const total = 200_000;
  const holes = Array.from({ length: total / every }, (_, index) => index * every);
  const { metadata, end } = encodeState({ prefix: 0, holes, end: total, counts: [], window: 0 });
  expect(metadata.length).toBeLessThanOrEqual(MAX_CHARACTERS);
  expect(end).toBeLessThan(total);
  expect(end).toBeGreaterThan(1_000);
  const restored = decodeState(0, metadata);
  expect(restored?.end).toBeLessThanOrEqual(end);
  expect(restored?.holes).toEqual(holes.filter((hole) => hole < (restored?.end ?? 0)));
});

test('leaves out later counts if they do not fit', () => {
  const each = Array.from({ length: 4_000 }, (_, index): [number, Counts] => [
    2 * index,
    { failures: index % 9, losses: 1 },
  ]);
  const { metadata, end } = encodeState({ prefix: 0, holes: [], end: 0, counts: each, window: 0 });
  expect(metadata.length).toBeLessThanOrEqual(MAX_CHARACTERS);
  expect(end).toBe(0);
  const restored = decodeState(0, metadata)?.counts ?? [];
  expect(restored).toEqual(each.slice(0, restored.length));
  expect(restored.length).toBeGreaterThan(100);
});

test.for(['', 'x', 'lag=7;host=a', 'AA', '{"a":1}', 'AQ', 'AUD_____', '✓'])(
  'ignores metadata of other programs: %s',
  (text) => {
    expect(decodeState(5, text)).toBeUndefined();
  },
);
