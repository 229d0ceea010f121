import { parseBrokerUrl, type Refuse } from '@slack-mcp/core/backend';

const SCHEMES = { amqp: { port: 5672, tls: false }, amqps: { port: 5671, tls: true } };

/** The parts of a RabbitMQ URL. */
export interface RabbitMQUrl extends Omit<ReturnType<typeof parseBrokerUrl>, 'path'> {
  readonly vhost: string;
}

/**
 * Parses `amqp://user:password@host:port/vhost`. `amqps://` means TLS. Without a path, the virtual host is `/`.
 *
 * @throws ConfigurationError - the URL is invalid; the message, created by `refuse`, never contains a part of the URL
 */
export function parseRabbitMQUrl(text: string, refuse: Refuse): RabbitMQUrl {
  const { path, ...url } = parseBrokerUrl(text, SCHEMES, refuse);
  if (Buffer.byteLength(path) > 255) throw refuse('has a virtual host of more than 255 bytes');
  return { ...url, vhost: path === '' ? '/' : path };
}
