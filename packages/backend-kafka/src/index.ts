import type { BackendPlugin } from '@slack-mcp/core';
import { KAFKA_ENV } from './env.ts';
import { KafkaBackend } from './kafka-backend.ts';

export { KafkaBackend } from './kafka-backend.ts';
export type { KafkaBackendOptions, RetryMode, SaslMechanism } from './options.ts';

const plugin: BackendPlugin = {
  apiVersion: 1,
  name: 'kafka',
  env: KAFKA_ENV,
  Backend: KafkaBackend,
};

export default plugin;
