import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  ConsumeError,
  isQueueError,
  PublishError,
  type QueueError,
  TopologyError,
} from '@slack-mcp/core';
import { type BrokerNames, connectionLost, connectionProblem } from '@slack-mcp/core/backend';

const SENTINELS_REFUSE = /sentinels are unreachable.*(WRONGPASS|NOAUTH)/s;

/** Whether an error says that a sentinel refuses the password. */
export function isRefusedBySentinel(error: unknown): boolean {
  return SENTINELS_REFUSE.test(messageOf(error));
}

/** The error code if Redis refuses a connection because too many clients are connected. */
export const MAX_CLIENTS = 'maxclients';

const NAMES: BrokerNames = {
  broker: 'Redis',
  variables: 'REDIS',
  address: 'REDIS_URL',
  schemes: { plain: 'redis://', tls: 'rediss://' },
  clientCertificate: true,
  otherProtocol: /protocol error|RESP type/i,
};

/** Matches the prefix that Redis before 7.0 adds to the error of a command in a script. */
const OF_SCRIPT = /^(?:ERR Error running script \([^)]*\): )?(?:@user_script: ?\d+: )+-?/;

/** Returns the code at the start of an error reply, for example `WRONGTYPE`, or `undefined` for connection errors. */
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

/** The requirements of an operation at Redis, for error messages. */
export interface Wants {
  /** The type of value that the key must hold. */
  readonly kind: string;
  /** The keys and channels that the Redis user needs access to. */
  readonly permissions: string;
  /** The error class for error replies that `toQueueError` does not recognize. Default `ConsumeError`. */
  readonly Unknown?: new (
    message: string,
    options: { cause: unknown },
  ) => QueueError;
}

const STREAM: Wants = { kind: 'a stream', permissions: 'the stream, its {stream}:* keys' };

/** The requirements of publishing at Redis. */
export const PUBLISHING: Wants = { ...STREAM, Unknown: PublishError };

/** Matches the reply of a server that does not support scripts or streams. */
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
        `${where}: the Redis user lacks a permission; grant the user access to ${wants.permissions}, and to the commands in the README`,
        options,
      );
    case 'WRONGTYPE':
      return new TopologyError(
        `${where}: the key holds a value that is not ${wants.kind}; choose another key or REDIS_PREFIX, or delete the value`,
        options,
      );
    case 'NOGROUP':
      return new ConsumeError(`${where}: the group was deleted and is being created again: try again`, {
        ...options,
        retryable: true,
      });
    case 'OOM':
      return new PublishError(
        `${where}: Redis has reached its memory limit; raise maxmemory or consume waiting messages`,
        {
          ...options,
          retryable: true,
        },
      );
    case 'MISCONF':
      return new PublishError(`${where}: Redis cannot write to its disk and refuses writes; see the log of Redis`, {
        ...options,
        retryable: true,
      });
  }
  if (isRefusedBySentinel(error)) {
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

/**
 * Codes of temporary errors, for example while Redis loads its data, after it became a replica, or while its cluster is
 * being rearranged.
 */
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
  const problem = connectionProblem(error, where, NAMES);
  if (problem !== undefined) return problem;
  if (/sentinels are unreachable/.test(message)) {
    const advice = 'no sentinel knows a reachable master; check REDIS_SENTINELS, REDIS_SENTINEL_NAME and the master';
    return new ConnectionError(`${where}: ${advice}`, options);
  }
  if (codeOf(error) === MAX_CLIENTS || /max number of clients/.test(message)) {
    const advice = 'Redis has reached its maximum number of clients; raise maxclients or close other connections';
    return new ConnectionError(`${where}: ${advice}`, options);
  }
  const reply = replyCode(error);
  if (reply !== undefined && !PASSING.includes(reply)) {
    const { Unknown = ConsumeError } = wants;
    return new Unknown(`${where}: Redis answered: ${message.slice(0, 200)}`, options);
  }
  return connectionLost(error, where, NAMES, reply);
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
