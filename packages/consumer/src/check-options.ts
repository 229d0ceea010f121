import { ConfigurationError, nearestName } from '@slack-mcp/core';
import type { ConsumerOptions } from './options.ts';
import type { RetryOptions } from './retry-policy.ts';

const OPTIONS: Readonly<Record<keyof ConsumerOptions, true>> = {
  backend: true,
  group: true,
  keys: true,
  from: true,
  concurrency: true,
  prefetch: true,
  readAhead: true,
  slack: true,
  logger: true,
  retry: true,
  timeoutMs: true,
  drainTimeoutMs: true,
  middleware: true,
  handlers: true,
};

const RETRY_OPTIONS: Readonly<Record<keyof RetryOptions, true>> = {
  maxRetries: true,
  initialDelayMs: true,
  maxDelayMs: true,
  factor: true,
  jitter: true,
  random: true,
};

/**
 * Rejects options that the compiler would reject, because worker files run without compilation. An option that is
 * silently ignored could lose events.
 *
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 */
export function checkOptions(options: ConsumerOptions): void {
  check(isObject(options), 'createConsumer', "requires options (for example { group: 'bot', ...context })");
  checkNames('', options, OPTIONS);
  const { backend, keys, from, slack, logger, retry, middleware, handlers } = options;
  check(
    typeof backend?.consume === 'function',
    'backend',
    'not a queue backend (for example (await loadBackend()).backend)',
  );
  check('group' in options, 'group', NO_GROUP);
  check(keys === undefined || areKeys(keys), 'keys', "not one or more keys (for example ['slack_events'])");
  check(from === undefined || from === 'earliest' || from === 'latest', 'from', "must be 'earliest' or 'latest'");
  check(
    slack === undefined || hasMethods(slack, ['call', 'request', 'respond', 'forTeam']),
    'slack',
    'not a client (for example createSlackClient({ token }))',
  );
  check(
    logger === undefined || hasMethods(logger, LEVELS),
    'logger',
    `a logger must have the methods ${LEVELS.join(', ')}`,
  );
  check(
    middleware === undefined || areFunctions(middleware),
    'middleware',
    'not a list of functions (for example [logging()])',
  );
  check(
    handlers === undefined || isObject(handlers),
    'handlers',
    'not an object or class (for example { onAppMention })',
  );
  if (retry !== undefined) checkRetry(retry);
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

const NO_GROUP = [
  "missing: without a group, events that are published while the worker is not running are lost. Set a group in the worker ({ group: 'bot',",
  '...context }) or with --group NAME. An explicit { group: undefined } creates a consumer that may lose events',
].join(' ');

function checkRetry(retry: RetryOptions): void {
  check(isObject(retry), 'retry', 'not an object (for example { maxRetries: 5 })');
  checkNames('retry.', retry, RETRY_OPTIONS);
  const { jitter, random, factor, initialDelayMs, maxDelayMs } = retry;
  check(jitter === undefined || jitter === 'full' || jitter === 'none', 'retry.jitter', "must be 'full' or 'none'");
  check(
    random === undefined || typeof random === 'function',
    'retry.random',
    'not a function (for example Math.random)',
  );
  for (const [name, value] of Object.entries({ factor, initialDelayMs, maxDelayMs })) {
    check(value === undefined || isCount(value), `retry.${name}`, 'not a number of at least 0 (for example 2)');
  }
}

function checkNames(prefix: string, given: object, known: Readonly<Record<string, true>>): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const names = Object.keys(known);
    const meant = nearestName(name, names);
    const advice = meant === undefined ? `the options are ${names.join(', ')}` : `did you mean ${prefix}${meant}?`;
    throw new ConfigurationError(`${prefix}${name}: no such option; ${advice}`);
  }
}

function check(right: boolean, name: string, problem: string): void {
  if (!right) throw new ConfigurationError(`${name}: ${problem}`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areKeys(keys: unknown): boolean {
  const listed = Array.isArray(keys) ? keys : [keys];
  return listed.length > 0 && listed.every((key) => typeof key === 'string' && key !== '');
}

function areFunctions(values: unknown): boolean {
  return Array.isArray(values) && values.every((value) => typeof value === 'function');
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  return isObject(value) && methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
