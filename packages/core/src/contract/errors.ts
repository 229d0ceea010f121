const brand = Symbol.for('@slack-mcp/queue-error');

/** The code of a {@link QueueError}. */
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

/**
 * The code of a {@link ConnectionError}. `ERR_QUEUE_CONNECTION` is the general code; the other codes give the reason.
 */
export type ConnectionErrorCode =
  | 'ERR_QUEUE_CONNECTION'
  | 'ERR_QUEUE_HOST_NOT_FOUND'
  | 'ERR_QUEUE_CONNECTION_REFUSED'
  | 'ERR_QUEUE_TLS'
  | 'ERR_QUEUE_PROTOCOL';

/** Options of the constructor of every queue error. */
export interface QueueErrorOptions {
  cause?: unknown;
  /** Overrides the class's default of `retryable`. */
  retryable?: boolean;
}

/**
 * Base class of all errors of this package and of the backends. Use `code` to distinguish errors and `retryable` to
 * decide whether to try again. `instanceof` also recognizes errors from another copy of this package.
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

/**
 * Whether `value` is a {@link QueueError}, from this copy of the package or another. If you pass `code`, also checks
 * that the error has this code.
 */
export function isQueueError(value: unknown, code?: QueueErrorCode): value is QueueError {
  return (
    value instanceof Error &&
    (value as { [brand]?: boolean })[brand] === true &&
    (code === undefined || (value as QueueError).code === code)
  );
}

/** An option or environment variable is invalid. The error message names the invalid setting and gives an example. */
export class ConfigurationError extends QueueError {
  readonly code = 'ERR_QUEUE_CONFIG';
}

/** The broker rejected the credentials. */
export class AuthenticationError extends QueueError {
  readonly code = 'ERR_QUEUE_AUTH';
}

/** An object at the broker, for example a stream, conflicts with the type or settings that the backend needs. */
export class TopologyError extends QueueError {
  readonly code = 'ERR_QUEUE_TOPOLOGY';
}

/**
 * The broker cannot be reached, or the connection was lost. Retryable. The subclasses give the reason if it is known.
 */
export class ConnectionError extends QueueError {
  readonly code: ConnectionErrorCode = 'ERR_QUEUE_CONNECTION';

  constructor(message: string, options: QueueErrorOptions = {}) {
    super(message, { retryable: true, ...options });
  }
}

/** The host name of the broker does not resolve. Retryable. */
export class HostNotFoundError extends ConnectionError {
  override readonly code = 'ERR_QUEUE_HOST_NOT_FOUND';
}

/** The host refused the connection: no server listens on the port of the broker. Retryable. */
export class ConnectionRefusedError extends ConnectionError {
  override readonly code = 'ERR_QUEUE_CONNECTION_REFUSED';
}

/** Only the client or only the server uses TLS, or a certificate is not trusted. */
export class TlsError extends ConnectionError {
  override readonly code = 'ERR_QUEUE_TLS';

  constructor(message: string, options: QueueErrorOptions = {}) {
    super(message, { retryable: false, ...options });
  }
}

/** The server is not the expected broker, or uses another protocol. */
export class ProtocolError extends ConnectionError {
  override readonly code = 'ERR_QUEUE_PROTOCOL';

  constructor(message: string, options: QueueErrorOptions = {}) {
    super(message, { retryable: false, ...options });
  }
}

/**
 * The broker did not confirm in time, so the outcome is unknown. Retryable: publish again with the same `messageId`.
 */
export class QueueTimeoutError extends QueueError {
  readonly code = 'ERR_QUEUE_TIMEOUT';

  constructor(message: string, options: QueueErrorOptions = {}) {
    super(message, { retryable: true, ...options });
  }
}

/** The backend was used after `close()`. */
export class QueueClosedError extends QueueError {
  readonly code = 'ERR_QUEUE_CLOSED';
}

/** A payload cannot be represented as JSON, or bytes are not valid JSON. */
export class SerializationError extends QueueError {
  readonly code = 'ERR_QUEUE_SERIALIZATION';
}

/** The payload exceeds the size limit of the backend. */
export class PayloadTooLargeError extends QueueError {
  readonly code = 'ERR_QUEUE_PAYLOAD_TOO_LARGE';
}

/** The broker rejected the message. */
export class PublishError extends QueueError {
  readonly code = 'ERR_QUEUE_PUBLISH';
}

/** The broker has no queue for the message. */
export class UnroutableError extends QueueError {
  readonly code = 'ERR_QUEUE_UNROUTABLE';
}

/** Storing the message would drop messages that a group has not processed. Retryable once the group has caught up. */
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

/** The message now belongs to another consumer, so the settlement had no effect. */
export class LeaseLostError extends QueueError {
  readonly code = 'ERR_QUEUE_LEASE_LOST';
}

/** The call needs a capability that the backend does not support. */
export class UnsupportedError extends QueueError {
  readonly code = 'ERR_QUEUE_UNSUPPORTED';
}

/** No installed package provides the requested backend. */
export class BackendNotFoundError extends QueueError {
  readonly code = 'ERR_QUEUE_BACKEND_NOT_FOUND';
}

/** A package that is marked as a backend, or a value that was passed in code, is not a valid backend. */
export class BackendInvalidError extends QueueError {
  readonly code = 'ERR_QUEUE_BACKEND_INVALID';
}

/** The union of all queue errors, discriminated by `code`. */
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

/** The names and codes of the classes as strings, so that `name` and `instanceof` also work in minified bundles. */
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
