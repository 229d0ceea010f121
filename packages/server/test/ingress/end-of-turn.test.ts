import { expect, test } from 'vitest';
import { createEndOfTurn } from '../../src/ingress/end-of-turn.ts';

test('continues all waiters of a turn together, after everything else in it', async () => {
  const endOfTurn = createEndOfTurn();
  const order: string[] = [];
  const [first, second] = [endOfTurn(), endOfTurn()];
  expect(second).toBe(first);
  const both = Promise.all([first.then(() => order.push('first')), second.then(() => order.push('second'))]);
  await Promise.resolve().then(() => order.push('rest of the turn'));
  await both;
  expect(order).toEqual(['rest of the turn', 'first', 'second']);
  expect(endOfTurn()).not.toBe(first);
});
