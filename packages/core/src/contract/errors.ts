const brand = Symbol.for('@slack-mcp/queue-error');

/** Every code an error of a queue backend can have. */
export type QueueErrorCode =
  | 'ERR_QUEUE_CONFIG'
  | 'ERR_QUEUE_AUTH'
  | 'ERR_QUEUE_TOPOLOGY'
  | ConnectionErrorCode
  | 'ERR_QUEUE_TIMEOUT'
  | 'ERR_QUEUE_CLOSED'
  | 'ERR_QUEUE_SERIALIZATION'
  | 'ERR_QUEUE_PAYLOAD_TOO_LARGE'
  | 'ERR_QUEUE_PUBLISH'
  | 'ERR_QUEUE_UNROUTABLE'
  | 'ERR_QUEUE_FULL'
  | 'ERR_QUEUE_CONSUME'
  | 'ERR_QUEUE_LEASE_LOST'
  | 'ERR_QUEUE_UNSUPPORTED'
  | 'ERR_QUEUE_BACKEND_NOT_FOUND'
  | 'ERR_QUEUE_BACKEND_INVALID';

/** Every code that says that the broker cannot be reached. The first: for none of the reasons that follow. */
export type ConnectionErrorCode =
  | 'ERR_QUEUE_CONNECTION'
  | 'ERR_QUEUE_HOST_NOT_FOUND'
  | 'ERR_QUEUE_CONNECTION_REFUSED'
  | 'ERR_QUEUE_TLS'
  | 'ERR_QUEUE_PROTOCOL';

/** Options of every queue error. */
export interface QueueErrorOptions {
  cause?: unknown;
  /** Overrides what the class says. */
  retryable?: boolean;
}

/**
 * Base of all errors of this package and of the backends. Tell them apart by `code`; `retryable` says whether the same
 * call can succeed later. Two copies of the package recognise each other's errors, in `instanceof` too.
 */
export abstract class QueueError extends Error {
  abstract readonly code: QueueErrorCode;
  /** Whether the same call can succeed later. */
  readonly retryable: boolean;

  constructor(message: string, options: QueueErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.retryable = options.retryable ?? false;
    Object.defineProperty(this, brand, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!isQueueError(value)) return false;
    if (this === QueueError || Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    const type = classOf.get(value.code);
    return type !== undefined && (type === this || Object.prototype.isPrototypeOf.call(this, type));
  }
}

/** Whether `value` is an error of a queue backend, of this copy of the package or another; with `code`, that one. */
export function isQueueError(value: unknown, code?: QueueErrorCode): value is QueueError {
  return (
    value instanceof Error &&
    (value as { [brand]?: boolean })[brand] === true &&
    (code === undefined || (value as QueueError).code === code)
  );
}

/** Invalid options or environment. The message names the option or variable and gives an example. */
export class ConfigurationError extends QueueError {
  readonly code = 'ERR_QUEUE_CONFIG';
}

/** The broker refuses the credentials. */
export class AuthenticationError extends QueueError {
  readonly code = 'ERR_QUEUE_AUTH';
}

/** What exists at the broker under a name conflicts with what is needed there. */
export class TopologyError extends QueueError {
  readonly code = 'ERR_QUEUE_TOPOLOGY';
}

/** The broker cannot be reached, or the connection was lost. Retryable. Its subclasses say why, where that is known. */
export class ConnectionError extends QueueError {
  readonly code: ConnectionErrorCode = 'ERR_QUEUE_CONNECTION';

  constructor(message: string, options: QueueErrorOptions = {}) {
    super(message, { retryable: true, ...options });
  }
}

/** The name of the broker's host does not resolve. Retryable. */
export class HostNotFoundError extends ConnectionError {
  override readonly code = 'ERR_QUEUE_HOST_NOT_FOUND';
}

/** Nobody listens where the broker should. Retryable. */
export class ConnectionRefusedError extends ConnectionError {
  override readonly code = 'ERR_QUEUE_CONNECTION_REFUSED';
}

/** One side speaks TLS and the other does not, or a certificate is not trusted. */
export class TlsError extends ConnectionError {
  override readonly code = 'ERR_QUEUE_TLS';

  constructor(message: string, options: QueueErrorOptions = {}) {
    super(message, { retryable: false, ...options });
  }
}

/** What answers is not the broker, or speaks another protocol. */
export class ProtocolError extends ConnectionError {
  override readonly code = 'ERR_QUEUE_PROTOCOL';

  constructor(message: string, options: QueueErrorOptions = {}) {
    super(message, { retryable: false, ...options });
  }
}

/** The broker did not confirm in time: the outcome is unknown. Retryable, with the same `messageId`. */
export class QueueTimeoutError extends QueueError {
  readonly code = 'ERR_QUEUE_TIMEOUT';

  constructor(message: string, options: QueueErrorOptions = {}) {
    super(message, { retryable: true, ...options });
  }
}

/** Used after `close()`. */
export class QueueClosedError extends QueueError {
  readonly code = 'ERR_QUEUE_CLOSED';
}

/** Not representable as JSON, or bytes that are not. */
export class SerializationError extends QueueError {
  readonly code = 'ERR_QUEUE_SERIALIZATION';
}

/** Larger than the backend takes. */
export class PayloadTooLargeError extends QueueError {
  readonly code = 'ERR_QUEUE_PAYLOAD_TOO_LARGE';
}

/** The broker refused the message. */
export class PublishError extends QueueError {
  readonly code = 'ERR_QUEUE_PUBLISH';
}

/** The broker has no place to put the message. */
export class UnroutableError extends QueueError {
  readonly code = 'ERR_QUEUE_UNROUTABLE';
}

/** Taking the message would drop what a group is owed. Retryable, once the group has caught up. */
export class QueueFullError extends QueueError {
  readonly code = 'ERR_QUEUE_FULL';

  constructor(message: string, options: QueueErrorOptions = {}) {
    super(message, { retryable: true, ...options });
  }
}

/** Reading from the broker failed. */
export class ConsumeError extends QueueError {
  readonly code = 'ERR_QUEUE_CONSUME';
}

/** The message belongs to another consumer now; what this one settles has no effect. */
export class LeaseLostError extends QueueError {
  readonly code = 'ERR_QUEUE_LEASE_LOST';
}

/** The backend does not have this capability. */
export class UnsupportedError extends QueueError {
  readonly code = 'ERR_QUEUE_UNSUPPORTED';
}

/** No package provides the backend that was asked for. */
export class BackendNotFoundError extends QueueError {
  readonly code = 'ERR_QUEUE_BACKEND_NOT_FOUND';
}

/** A package claims to be a backend and is not. */
export class BackendInvalidError extends QueueError {
  readonly code = 'ERR_QUEUE_BACKEND_INVALID';
}

/** Any of the errors, discriminated by `code`. */
export type AnyQueueError =
  | ConfigurationError
  | AuthenticationError
  | TopologyError
  | ConnectionError
  | HostNotFoundError
  | ConnectionRefusedError
  | TlsError
  | ProtocolError
  | QueueTimeoutError
  | QueueClosedError
  | SerializationError
  | PayloadTooLargeError
  | PublishError
  | UnroutableError
  | QueueFullError
  | ConsumeError
  | LeaseLostError
  | UnsupportedError
  | BackendNotFoundError
  | BackendInvalidError;

/** What `name` and `instanceof` go by; bundlers that shorten the names of classes do not touch it. */
const CLASSES = [
  [ConfigurationError, 'ConfigurationError', 'ERR_QUEUE_CONFIG'],
  [AuthenticationError, 'AuthenticationError', 'ERR_QUEUE_AUTH'],
  [TopologyError, 'TopologyError', 'ERR_QUEUE_TOPOLOGY'],
  [ConnectionError, 'ConnectionError', 'ERR_QUEUE_CONNECTION'],
  [HostNotFoundError, 'HostNotFoundError', 'ERR_QUEUE_HOST_NOT_FOUND'],
  [ConnectionRefusedError, 'ConnectionRefusedError', 'ERR_QUEUE_CONNECTION_REFUSED'],
  [TlsError, 'TlsError', 'ERR_QUEUE_TLS'],
  [ProtocolError, 'ProtocolError', 'ERR_QUEUE_PROTOCOL'],
  [QueueTimeoutError, 'QueueTimeoutError', 'ERR_QUEUE_TIMEOUT'],
  [QueueClosedError, 'QueueClosedError', 'ERR_QUEUE_CLOSED'],
  [SerializationError, 'SerializationError', 'ERR_QUEUE_SERIALIZATION'],
  [PayloadTooLargeError, 'PayloadTooLargeError', 'ERR_QUEUE_PAYLOAD_TOO_LARGE'],
  [PublishError, 'PublishError', 'ERR_QUEUE_PUBLISH'],
  [UnroutableError, 'UnroutableError', 'ERR_QUEUE_UNROUTABLE'],
  [QueueFullError, 'QueueFullError', 'ERR_QUEUE_FULL'],
  [ConsumeError, 'ConsumeError', 'ERR_QUEUE_CONSUME'],
  [LeaseLostError, 'LeaseLostError', 'ERR_QUEUE_LEASE_LOST'],
  [UnsupportedError, 'UnsupportedError', 'ERR_QUEUE_UNSUPPORTED'],
  [BackendNotFoundError, 'BackendNotFoundError', 'ERR_QUEUE_BACKEND_NOT_FOUND'],
  [BackendInvalidError, 'BackendInvalidError', 'ERR_QUEUE_BACKEND_INVALID'],
] as const;

const classOf: ReadonlyMap<QueueErrorCode, object> = new Map(CLASSES.map(([type, , code]) => [code, type]));
for (const [type, name] of CLASSES) type.prototype.name = name;
