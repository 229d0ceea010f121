import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  ConnectionRefusedError,
  ConsumeError,
  HostNotFoundError,
  isQueueError,
  PayloadTooLargeError,
  ProtocolError,
  type QueueError,
  TlsError,
  TopologyError,
} from '@slack-mcp/core';
import { certificateProblem } from '@slack-mcp/core/backend';

/** Returns the reply code with which RabbitMQ closed a channel or a connection, or `undefined` for other errors. */
export function replyCode(error: unknown): number | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === 'number') return code;
  const quoted = /(?:closed by server|Handshake terminated by server|Connection closed): (\d{3}) /.exec(
    messageOf(error),
  );
  return quoted === null ? undefined : Number(quoted[1]);
}

/** Whether the exchange or the queue does not exist. */
export function isMissing(error: unknown): boolean {
  return replyCode(error) === 404;
}

/**
 * Converts a failure into an error that says whether a retry can succeed, and what to do.
 *
 * @param doing - the operation, for example `publishing to slack_events`
 * @param endpoint - the address, without credentials
 */
export function toQueueError(error: unknown, doing: string, endpoint: string): QueueError {
  if (isQueueError(error)) return error;
  const where = `${doing} at ${endpoint}`;
  const options = { cause: error };
  const message = messageOf(error);
  const text = reason(message);
  switch (replyCode(error)) {
    case 403:
      if (/Handshake terminated/.test(message)) {
        return new AuthenticationError(
          `${where}: RabbitMQ refuses the credentials; check RABBITMQ_URL, RABBITMQ_USERNAME and RABBITMQ_PASSWORD`,
          options,
        );
      }
      if (/exclusive use/.test(message)) return new ConsumeError(`${where}: ${text}`, { ...options, retryable: true });
      return new AuthenticationError(
        `${where}: the RabbitMQ user lacks a permission; grant the permission: ${text}`,
        options,
      );
    case 404:
      return new ConsumeError(
        `${where}: the queue or exchange was deleted and is being created again; try again: ${text}`,
        {
          ...options,
          retryable: true,
        },
      );
    case 405:
      return new ConsumeError(`${where}: ${text}`, { ...options, retryable: true });
    case 406:
      return refusedPrecondition(where, message, options);
    case 530:
      return new ConfigurationError(
        `${where}: RabbitMQ does not allow this operation; check the configuration of RabbitMQ: ${text}`,
        options,
      );
    case 541:
      if (!/deprecated/i.test(message)) break;
      return new ConfigurationError(
        `${where}: a queue or exchange uses a deprecated feature that RabbitMQ does not permit (${text}); unset RABBITMQ_DURABLE if it is false, otherwise permit the feature in the configuration of RabbitMQ`,
        options,
      );
    case 540:
      return new ConfigurationError(
        `${where}: this version of RabbitMQ does not support the operation (${text}); use RabbitMQ 3.10 or later`,
        options,
      );
  }
  if (/Expected ConnectionOpenOk/.test(message)) {
    return new AuthenticationError(
      `${where}: the virtual host does not exist, the user has no access to it, or its connection limit is reached; check RABBITMQ_URL, RABBITMQ_VHOST and the permissions`,
      options,
    );
  }
  if (/SASL mechanism/.test(message)) {
    return new AuthenticationError(
      `${where}: RabbitMQ does not allow logins with a password (${text}); add PLAIN to auth_mechanisms in the configuration of RabbitMQ`,
      options,
    );
  }
  return toConnectionError(error, message, where);
}

/** Creates the error for an existing queue or exchange whose settings differ from the settings of this package. */
export function topologyConflict(
  error: unknown,
  { doing, endpoint, wanted }: { doing: string; endpoint: string; wanted: object },
): QueueError {
  const conflict = toQueueError(error, doing, endpoint);
  if (conflict.code !== 'ERR_QUEUE_TOPOLOGY') return conflict;
  return new TopologyError(
    `${conflict.message}; the backend needs these settings: ${JSON.stringify(wanted)}; delete the queue or exchange, or choose another name`,
    { cause: error },
  );
}

function refusedPrecondition(where: string, message: string, options: { cause: unknown }): QueueError {
  const text = reason(message);
  if (/message size|max(imum)? (message )?size/i.test(message)) {
    return new PayloadTooLargeError(
      `${where}: the message is too large for RabbitMQ; send a smaller message or raise max_message_size: ${text}`,
      options,
    );
  }
  if (/timed out|timeout/i.test(message)) {
    return new ConsumeError(
      `${where}: a message was in flight for longer than the consumer_timeout of RabbitMQ; RabbitMQ delivers the message again; raise consumer_timeout if handlers take longer`,
      { ...options, retryable: true },
    );
  }
  if (/unknown delivery tag/.test(message)) {
    return new ConsumeError(`${where}: ${text}`, { ...options, retryable: true });
  }
  return new TopologyError(
    `${where}: the queue or exchange exists with different settings: ${text}; delete it, choose another RABBITMQ_PREFIX, or use its settings`,
    options,
  );
}

function toConnectionError(error: unknown, message: string, where: string): QueueError {
  const options = { cause: error };
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new HostNotFoundError(`${where}: the host name does not resolve; check RABBITMQ_URL and the DNS`, options);
  }
  if (code === 'ECONNREFUSED') {
    return new ConnectionRefusedError(
      `${where}: the connection was refused (ECONNREFUSED); is RabbitMQ running, and are host and port correct?`,
      options,
    );
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || /wrong version number|packet length too long/i.test(message)) {
    return new TlsError(`${where}: the server does not speak TLS; use amqp:// or set RABBITMQ_TLS=false`, options);
  }
  const certificate = certificateProblem(code, 'RABBITMQ');
  if (certificate !== undefined) return new TlsError(`${where}: ${certificate}`, options);
  if (/^ERR_SSL|^ERR_TLS|^EPROTO$/.test(code)) {
    return new TlsError(
      `${where}: the TLS handshake failed (${code}); check RABBITMQ_TLS and whether RabbitMQ needs a client certificate (RABBITMQ_TLS_CERT)`,
      options,
    );
  }
  if (/Frame (size \d+ exceeds|on channel != 0)|Invalid frame|Expected ConnectionStart/i.test(message)) {
    return new ProtocolError(
      `${where}: the server does not speak AMQP 0-9-1; check host and port, and whether it requires TLS (amqps://)`,
      options,
    );
  }
  if (/closed abruptly/.test(message)) {
    return new ConnectionError(
      `${where}: the server ended the connection before it answered; is it RabbitMQ, and does it require TLS (amqps://)?`,
      options,
    );
  }
  return new ConnectionError(`${where}: ${code || lastWords(message)}; is RabbitMQ up and reachable?`, options);
}

/** Returns the text that RabbitMQ sent, without the words that the client library added. */
function reason(message: string): string {
  return (/with message "(.*)"$/s.exec(message)?.[1] ?? message).slice(0, 400);
}

function lastWords(message: string): string {
  return message === '' ? 'the connection was lost' : reason(message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
