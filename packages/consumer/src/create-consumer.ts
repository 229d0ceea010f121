import { Consumer } from './consumer.ts';
import type { ConsumerOptions } from './options.ts';

/**
 * Creates a worker for Slack's events. The worker receives nothing before you call `start()` or `run()`.
 *
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 */
export function createConsumer(options: ConsumerOptions): Consumer {
  return new Consumer(options);
}
