import type { BackendPlugin } from '@slack-mcp/core';
import { RABBITMQ_ENV } from './env.ts';
import { RabbitMQBackend } from './rabbitmq-backend.ts';

export type { Address } from '@slack-mcp/core/backend';
export type { PasswordSource, RabbitMQBackendOptions } from './options.ts';
export { RabbitMQBackend } from './rabbitmq-backend.ts';

const plugin: BackendPlugin = {
  apiVersion: 1,
  name: 'rabbitmq',
  env: RABBITMQ_ENV,
  Backend: RabbitMQBackend,
};

export default plugin;
