import { expect, test } from 'vitest';
import { compose, type Middleware } from '../src/compose.ts';
import { contextOf } from './support/message.ts';

test('wraps middleware in order, the first one outermost', async () => {
  const log: string[] = [];
  const named =
    (name: string): Middleware =>
    async (_context, next) => {
      log.push(`${name} before`);
      await next();
      log.push(`${name} after`);
    };
  await compose([named('a'), named('b')], async () => void log.push('handler'))(contextOf({}));
  expect(log).toEqual(['a before', 'b before', 'handler', 'b after', 'a after']);
});

test('lets middleware skip the rest of the chain, and see it fail', async () => {
  const handler = async (): Promise<void> => {
    throw new Error('broken');
  };
  await expect(compose([async () => {}], handler)(contextOf({}))).resolves.toBeUndefined();
  const caught: unknown[] = [];
  const run = compose([(_context, next) => next().catch((error: unknown) => void caught.push(error))], handler);
  await run(contextOf({}));
  expect(caught).toEqual([new Error('broken')]);
});

test('allows one call of next per message', async () => {
  const twice = compose([async (_context, next) => next().then(next)], async () => {});
  await expect(twice(contextOf({}))).rejects.toThrow('called next() twice');
  const once = compose([(_context, next) => next()], async () => {});
  await once(contextOf({}));
  await expect(once(contextOf({}))).resolves.toBeUndefined();
});

test('rejects if a middleware throws synchronously', async () => {
  const run = compose(
    [
      () => {
        throw new Error('at once');
      },
    ],
    async () => {},
  );
  await expect(run(contextOf({}))).rejects.toThrow('at once');
});
