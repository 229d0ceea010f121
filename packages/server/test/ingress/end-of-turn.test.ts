import { expect, test } from 'vitest';
import { createEndOfTurn } from '../../src/ingress/end-of-turn.ts';

test('all that ask in one turn go on together, after everything else of it', async () => {
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
