import { AuthenticationError, isQueueError, PublishError, type QueueError } from '@slack-mcp/core';
import { connectionLost, connectionProblem } from '@slack-mcp/core/backend';

const NAMES = {
  broker: 'PostgreSQL',
  variables: 'POSTGRES',
  address: 'POSTGRES_URL',
  schemes: { plain: 'postgres://', tls: 'postgres://' },
};

/** Converts an error of the client library into an error of the contract, which says what to do. */
export function problemOf(cause: unknown, operation: string): QueueError {
  if (isQueueError(cause)) return cause;
  const { code = '', message } = cause as { code?: string; message: string };
  // Classes of SQLSTATE: 28 refused credentials, 08 and 57 lost connection, 25 and 53 refused writes.
  if (/^28/.test(code)) {
    return new AuthenticationError(`${operation}: PostgreSQL refused the credentials; check POSTGRES_URL`, { cause });
  }
  if (/^(25006|53|54)/.test(code)) {
    return new PublishError(`${operation}: PostgreSQL accepts no writes (${code})`, { cause, retryable: true });
  }
  if (/^(?!08|57|40)[0-9A-Z]{5}$/.test(code) && /^\d|^[A-Z]\d/.test(code)) {
    return new PublishError(`${operation}: PostgreSQL refused the statement (${code}): ${message}`, { cause });
  }
  return connectionProblem(cause, operation, NAMES) ?? connectionLost(cause, operation, NAMES);
}

/** Whether the server answered that it stores nothing for now. */
export function refusesWrites(error: QueueError): boolean {
  const { code = '' } = (error.cause ?? {}) as { code?: string };
  return /^(25006|53|54)/.test(code);
}
