import { API_VERSION, NEWER_REMEDY } from './api-version.ts';
import type { QueueBackend } from './backend.ts';

/**
 * Whether `value` implements {@link QueueBackend}. Also recognizes backends that use another copy of this package.
 * Never throws.
 */
export function isQueueBackend(value: unknown): value is QueueBackend {
  return backendProblem(value) === undefined;
}

/** The reason why `value` is not a {@link QueueBackend}, or `undefined` if it is one. */
export function backendProblem(value: unknown): string | undefined {
  try {
    if (typeof value !== 'object' || value === null) return 'it is not an object';
    const backend = value as Record<PropertyKey, unknown>;
    const { name, capabilities } = backend;
    if (typeof name !== 'string' || name === '') return 'it has no name';
    const missing = METHODS.find((method) => typeof backend[method] !== 'function');
    if (missing !== undefined) return `it has no method ${String(missing)}`;
    if (typeof capabilities !== 'object' || capabilities === null) return 'it has no capabilities';
    const wrong = Object.entries(CAPABILITIES).find(
      ([capability, holds]) => !holds((capabilities as Record<string, unknown>)[capability]),
    );
    if (wrong !== undefined) return `its capabilities.${wrong[0]} is missing or invalid`;
    const unknown = Object.keys(capabilities).find((capability) => !Object.hasOwn(CAPABILITIES, capability));
    return (
      unknown &&
      `its capabilities.${unknown} is not in version ${API_VERSION} of the backend API. If it needs a newer contract, ${NEWER_REMEDY}; otherwise correct the name`
    );
  } catch {
    return 'reading its properties throws an error';
  }
}

const METHODS = ['publish', 'consume', 'deadLetters', 'health', 'close', Symbol.asyncDispose] as const;

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isOneOf =
  (...words: readonly string[]) =>
  (value: unknown): boolean =>
    words.includes(value as string);

const CAPABILITIES: Record<keyof QueueBackend['capabilities'], (value: unknown) => boolean> = {
  scope: isOneOf('process', 'host', 'network'),
  persistent: isBoolean,
  ordering: isOneOf('none', 'single-consumer', 'ordering-key'),
  idempotentPublish: isBoolean,
  retainsWithoutGroup: isBoolean,
  startTime: (value) => value === undefined || isBoolean(value),
  patterns: isBoolean,
  retryCount: isOneOf('exact', 'approximate'),
  settlement: isOneOf('individual', 'prefix'),
  maxPayloadBytes: (value) => value === null || (Number.isSafeInteger(value) && (value as number) > 0),
};
