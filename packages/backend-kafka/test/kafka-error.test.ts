import { expect, test } from 'vitest';
import { BrokerError } from '../src/driver/index.ts';
import { toQueueError } from '../src/kafka-error.ts';

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

test.for<[string, unknown, string, boolean]>([
  ['refused credentials', new BrokerError(58), 'ERR_QUEUE_AUTH', false],
  ['a mechanism that is not enabled', new BrokerError(33), 'ERR_QUEUE_AUTH', false],
  ['a listener without a login', new BrokerError(34), 'ERR_QUEUE_AUTH', false],
  ['a request that the broker does not support', new BrokerError(35), 'ERR_QUEUE_PROTOCOL', false],
  [
    'a compression that the library does not support',
    named('KafkaJSNotImplemented', 'LZ4'),
    'ERR_QUEUE_CONSUME',
    false,
  ],
  ['an invalid request', new BrokerError(42), 'ERR_QUEUE_CONSUME', false],
  ['an error of the server', new BrokerError(-1), 'ERR_QUEUE_CONSUME', true],
  ['an offset that is not available yet', new BrokerError(78), 'ERR_QUEUE_CONSUME', true],
  ['a fenced leader', new BrokerError(74), 'ERR_QUEUE_CONSUME', true],
  ['a full group', new BrokerError(81), 'ERR_QUEUE_CONSUME', true],
  ['a code that the library does not know', new BrokerError(129), 'ERR_QUEUE_CONSUME', true],
  ['a lost connection', named('KafkaJSConnectionClosedError', 'Closed connection'), 'ERR_QUEUE_CONNECTION', true],
  ['nothing at all', undefined, 'ERR_QUEUE_CONNECTION', true],
])('reports %s', ([, error, code, retryable]) => {
  expect(toQueueError(error, 'reading', 'here:9092')).toMatchObject({ code, retryable });
});
