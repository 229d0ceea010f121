import { inspect, isDeepStrictEqual } from 'node:util';
import { isQueueError, type QueueErrorCode } from '@slack-mcp/core';

/** The error of a property that does not hold. The message states the expected and the actual result. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
}

/** The assertions of the suite. The assertions need no test runner and throw a {@link CheckFailure}. */
export const check: Check = {
  ok(value, message) {
    if (!value) throw new CheckFailure(message);
  },
  equal(actual, expected, what) {
    if (!isDeepStrictEqual(actual, expected)) {
      throw new CheckFailure(`${what}: expected ${show(expected)}, got ${show(actual)}`);
    }
  },
  throws(run, code, what) {
    let value: unknown;
    try {
      value = run();
    } catch (error) {
      return assertCode(error, code, what);
    }
    throw new CheckFailure(`${what}: expected ${code}, got ${show(value)}`);
  },
  async rejects(promise, code, what) {
    let value: unknown;
    try {
      value = await promise;
    } catch (error) {
      return assertCode(error, code, what);
    }
    throw new CheckFailure(`${what}: expected ${code}, but it resolved with ${show(value)}`);
  },
};

interface Check {
  ok(value: unknown, message: string): asserts value;
  /** Checks that two values are deeply and strictly equal. */
  equal(actual: unknown, expected: unknown, what: string): void;
  throws(run: () => unknown, code: QueueErrorCode, what: string): Error;
  rejects(promise: Promise<unknown>, code: QueueErrorCode, what: string): Promise<Error>;
}

function assertCode(error: unknown, code: QueueErrorCode, what: string): Error {
  if (!isQueueError(error, code)) throw new CheckFailure(`${what}: expected ${code}, got ${describeError(error)}`);
  return error;
}

/** Describes an error in one line, with its code or name and its message. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return show(error);
  return `${isQueueError(error) ? error.code : error.name}: ${error.message}`;
}

function show(value: unknown): string {
  const text = inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 20 });
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
