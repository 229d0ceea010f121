import { expect, test } from 'vitest';
import type { DeadLetter } from '../src/index.ts';
import { createDeadLetterMatch, type DeadLetterFilter } from '../src/ops/dead-letters/dead-letter-filter.ts';

const REASONS: DeadLetter['reason'][] = [
  { code: 'MAX_RETRIES', name: 'TypeError', message: 'boom' },
  { code: 'MAX_RETRIES', name: 'TypeError', message: '' },
  { code: 'MAX_RETRIES', name: 'TypeError' },
  { code: 'MAX_RETRIES', message: 'a text' },
  { name: 'TypeError', message: 'boom' },
  {},
];

function selected(filter: DeadLetterFilter): number[] {
  const matches = createDeadLetterMatch(filter);
  return REASONS.flatMap((reason, index) => {
    const letter = { id: `${index}`, messageId: `m${index}`, headers: {}, timestamp: 1, deadLetteredAt: 2, reason };
    return matches(letter as unknown as DeadLetter) ? [index] : [];
  });
}

test.each<[DeadLetterFilter, number[]]>([
  [{}, [0, 1, 2, 3, 4, 5]],
  [{ code: 'MAX_RETRIES', error: 'TypeError', message: 'boom' }, [0]],
  [{ code: 'MAX_RETRIES', error: 'TypeError', message: '' }, [1, 2]],
  [{ code: 'MAX_RETRIES', error: '', message: 'a text' }, [3]],
  [{ code: '', error: 'TypeError', message: 'boom' }, [4]],
  [{ code: '', error: '', message: '' }, [5]],
])('the filter %j selects %j: an empty text selects what lacks the field', (filter, expected) => {
  expect(selected(filter)).toEqual(expected);
});
