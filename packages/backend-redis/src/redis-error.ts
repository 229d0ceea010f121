import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  ConnectionRefusedError,
  ConsumeError,
  HostNotFoundError,
  isQueueError,
  ProtocolError,
  PublishError,
  type QueueError,
  TlsError,
  TopologyError,
} from '@slack-mcp/core';
import type { Obstacle } from './find-obstacle.ts';

const SENTINELS_REFUSE = /sentinels are unreachable.*(WRONGPASS|NOAUTH)/s;

/** A connection that failed before Redis sent its first reply. The server may not be Redis at all. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
  readonly code: string;
  readonly tls: boolean;
  /** Whether it is certain that only one side speaks TLS. */
  readonly mismatch: boolean;

  constructor(cause: Error, { tls, obstacle }: { tls: boolean; obstacle?: Obstacle }) {
    super(cause.message, { cause });
    this.tls = tls;
    this.mismatch = obstacle === 'tls';
    this.code = (this.mismatch ? undefined : obstacle) ?? (cause as NodeJS.ErrnoException).code ?? '';
  }

  /** Whether several causes are possible. False if the error quotes the answer of a sentinel. */
  get isDoubtful(): boolean {
    if (this.mismatch || SENTINELS_REFUSE.test(this.message)) return false;
    return ['ECONNRESET', 'ETIMEDOUT', 'EPIPE', ''].includes(this.code);
  }
}

/** The prefix that servers before 7.0 add to the error of a command in a script. */
const OF_SCRIPT = /^(?:ERR Error running script \([^)]*\): )?(?:@user_script: ?\d+: )+-?/;

/** The code at the start of an error reply, for example `WRONGTYPE`. `undefined` for connection errors. */
export function replyCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return undefined;
  const message = error.message.replace(OF_SCRIPT, '');
  // A missing permission in a script has no code. The second form is used since Redis 7.2, and by Valkey.
  if (/^(ERR )?(The user executing the script|ACL failure in script)/.test(message)) return 'NOPERM';
  return /^-?([A-Z]+)\b/.exec(message)?.[1];
}

/** Whether the stream or its group was deleted. */
export function isNoGroup(error: unknown): boolean {
  return replyCode(error) === 'NOGROUP' || /requires the key to exist/.test(messageOf(error));
}

/** What an operation needs at Redis. Used in error messages. */
export interface Wants {
  /** What the key must hold. */
  readonly kind: string;
  /** What the user needs access to, besides commands. */
  readonly permissions: string;
  /** The class for error replies that are not listed here. Default `ConsumeError`. */
  readonly Unknown?: new (
    message: string,
    options: { cause: unknown },
  ) => QueueError;
}

const STREAM: Wants = { kind: 'a stream', permissions: 'the stream, its {stream}:* keys' };

/** What publishing needs at Redis. */
export const PUBLISHING: Wants = { ...STREAM, Unknown: PublishError };

/** The reply of a server without scripts or streams. */
const KNOWS_NO_STREAMS = /unknown command ['`]?(?:EVAL|EVALSHA|X[A-Z]+)\b/i;

/**
 * Converts a failure into an error that says whether a retry can succeed, and what to do.
 *
 * @param doing - the operation, for example `publishing to slack_events`
 * @param endpoint - the address, without credentials
 */
export function toQueueError(error: unknown, doing: string, endpoint: string, wants: Wants = STREAM): QueueError {
  if (isQueueError(error)) return error;
  const message = messageOf(error);
  const where = `${doing} at ${endpoint}`;
  const options = { cause: error };
  switch (replyCode(error)) {
    case 'WRONGPASS':
    case 'NOAUTH':
      return new AuthenticationError(
        `${where}: Redis refuses the credentials; check REDIS_URL, REDIS_USERNAME and REDIS_PASSWORD`,
        options,
      );
    case 'NOPERM':
      return new AuthenticationError(
        `${where}: the Redis user lacks a permission; allow it ${wants.permissions} and the commands in the README`,
        options,
      );
    case 'WRONGTYPE':
      return new TopologyError(
        `${where}: the key holds something that is not ${wants.kind}; choose another key or REDIS_PREFIX, or delete it`,
        options,
      );
    case 'NOGROUP':
      return new ConsumeError(`${where}: the group was deleted and is being created again`, {
        ...options,
        retryable: true,
      });
    case 'OOM':
      return new PublishError(`${where}: the memory of Redis is full; raise maxmemory or consume waiting messages`, {
        ...options,
        retryable: true,
      });
    case 'MISCONF':
      return new PublishError(`${where}: Redis cannot write to its disk and refuses writes; see its log`, {
        ...options,
        retryable: true,
      });
  }
  if (SENTINELS_REFUSE.test(message)) {
    return new AuthenticationError(
      `${where}: the sentinels refuse the password; check REDIS_SENTINEL_PASSWORD`,
      options,
    );
  }
  if (/invalid password|without any password/i.test(message)) {
    return new AuthenticationError(`${where}: Redis refuses the credentials; check REDIS_PASSWORD`, options);
  }
  if (replyCode(error) === 'MOVED') {
    return new ConfigurationError(`${where}: this Redis is a node of a cluster; set REDIS_CLUSTER=true`, options);
  }
  if (/cluster support disabled/.test(message)) {
    return new ConfigurationError(`${where}: this Redis is not a node of a cluster; unset REDIS_CLUSTER`, options);
  }
  if (/DB index is out of range|SELECT is not allowed/i.test(message)) {
    return new ConfigurationError(
      `${where}: Redis has no such database; correct the number at the end of REDIS_URL (for example redis://host:6379/0)`,
      options,
    );
  }
  if (KNOWS_NO_STREAMS.test(message)) {
    return new ConfigurationError(
      `${where}: the server does not support streams; if it is a sentinel, set REDIS_SENTINELS instead of REDIS_URL`,
      options,
    );
  }
  return toConnectionError(error, message, where, wants);
}

/** Codes of temporary errors: Redis is loading its data, became a replica, or its cluster is being rearranged. */
const PASSING = [
  'LOADING',
  'READONLY',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'BUSY',
  'ASK',
  'NOREPLICAS',
  'UNBLOCKED',
];

function toConnectionError(error: unknown, message: string, where: string, wants: Wants): QueueError {
  const options = { cause: error };
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new HostNotFoundError(`${where}: the host name does not resolve; check REDIS_URL and the DNS`, options);
  }
  if (code === 'ECONNREFUSED') {
    const advice = 'the connection was refused (ECONNREFUSED); is Redis running, and are host and port correct?';
    return new ConnectionRefusedError(`${where}: ${advice}`, options);
  }
  if (error instanceof HandshakeError) {
    const reason = handshakeProblem(error, where);
    if (reason !== undefined) return reason;
  }
  if (/sentinels are unreachable/.test(message)) {
    const advice = 'no sentinel knows a reachable master; check REDIS_SENTINELS, REDIS_SENTINEL_NAME and the master';
    return new ConnectionError(`${where}: ${advice}`, options);
  }
  if (code === 'maxclients' || /max number of clients/.test(message)) {
    const advice = 'Redis has reached its maximum number of clients; raise maxclients or close other connections';
    return new ConnectionError(`${where}: ${advice}`, options);
  }
  const reply = replyCode(error);
  if (reply !== undefined && !PASSING.includes(reply)) {
    const { Unknown = ConsumeError } = wants;
    return new Unknown(`${where}: Redis answered: ${message.slice(0, 200)}`, options);
  }
  return new ConnectionError(
    `${where}: ${reply ?? (code || 'the connection was lost')}; is Redis up and reachable?`,
    options,
  );
}

/** The reason why the handshake failed. `undefined` if the cause may be the network. */
function handshakeProblem(error: HandshakeError, where: string): QueueError | undefined {
  const { code, message, tls, mismatch } = error;
  const options = { cause: error };
  if (mismatch && !tls) {
    return new TlsError(`${where}: the server requires TLS; use rediss:// or set REDIS_TLS=true`, options);
  }
  if (
    mismatch ||
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    /wrong version number|packet length too long/i.test(message)
  ) {
    return new TlsError(`${where}: the server does not speak TLS; use redis:// or set REDIS_TLS=false`, options);
  }
  if (/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/.test(code) || /certificate required/i.test(message)) {
    return new TlsError(
      `${where}: the server requires a client certificate; set REDIS_TLS_CERT and REDIS_TLS_KEY`,
      options,
    );
  }
  if (/^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT)|HOSTNAME_MISMATCH/.test(code)) {
    return new TlsError(
      `${where}: the server's certificate is not trusted (${code}); set REDIS_TLS_CA to its CA certificate`,
      options,
    );
  }
  if (/^ERR_SSL|^ERR_TLS|^EPROTO$/.test(code)) {
    return new TlsError(`${where}: the TLS handshake failed (${code}); check REDIS_TLS and the server's TLS`, options);
  }
  if (/protocol error|RESP type/i.test(message)) {
    return new ProtocolError(
      `${where}: the server does not speak the Redis protocol; check host and port, and whether it requires TLS (rediss://)`,
      options,
    );
  }
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
