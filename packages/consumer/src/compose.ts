import type { HandlerContext } from './handler-context.ts';

/**
 * Wraps the handling of every message. Runs code before and after `next()`, which calls the next middleware or the
 * handlers.
 */
export type Middleware = (context: HandlerContext, next: () => Promise<void>) => Promise<void>;

/** Combines middleware into one function: the first is the outermost, `innermost` runs last. */
export function compose(
  middleware: readonly Middleware[],
  innermost: (context: HandlerContext) => Promise<void>,
): (context: HandlerContext) => Promise<void> {
  return middleware.reduceRight<(context: HandlerContext) => Promise<void>>((inner, outer) => {
    return async (context) => {
      let called = false;
      await outer(context, async () => {
        if (called) throw new Error('a middleware called next() twice: call it at most once');
        called = true;
        await inner(context);
      });
    };
  }, innermost);
}
