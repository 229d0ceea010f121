import { expect, test } from 'vitest';
import { balance } from '../src/books.ts';
import { type Outcome, problems } from '../src/outcome.ts';

const sent = Array.from({ length: 60 }, (_, index) => ({ eventId: `Ev${index}`, acknowledged: true }));
const journal = sent.map(({ eventId }) => eventId);

function outcome(changes: Partial<Outcome> = {}): Outcome {
  const tours = { stdio: { tools: 6, calls: 8, failures: [] } };
  return { events: balance(sent, journal, 65), tours, mentions: 6, replies: 6, ...changes };
}

test('balances a good run', () => {
  expect(balance(sent, journal, 65)).toEqual({
    sent: 60,
    acknowledged: 60,
    handled: 60,
    lost: 0,
    doubled: 0,
    duplicatesSuppressed: 5,
  });
  expect(problems(outcome())).toEqual([]);
});

test('reports a lost, a duplicate and an unacknowledged event', () => {
  expect(problems(outcome({ events: balance(sent, journal.slice(1), 65) }))).toEqual(['1 events were lost']);
  expect(problems(outcome({ events: balance(sent, [...journal, 'Ev1'], 65) }))).toEqual([
    '1 events were handled twice',
  ]);
  const refused = [{ eventId: 'Ev0', acknowledged: false }, ...sent.slice(1)];
  expect(problems(outcome({ events: balance(refused, journal, 65) }))).toEqual(['1 events were never acknowledged']);
});

test('reports a missing reply and a failed call', () => {
  expect(problems(outcome({ replies: 5 }))).toEqual(['6 mentions received 5 replies']);
  const tours = { stdio: { tools: 5, calls: 8, failures: ['slack_read_emojis: is not listed'] } };
  expect(problems(outcome({ tours }))).toEqual(['stdio: slack_read_emojis: is not listed']);
});
