import type { EnvVar } from '../contract/plugin.ts';

/** The environment variables of the queue that do not depend on the backend. */
export const QUEUE_ENV: readonly EnvVar[] = [
  {
    name: 'QUEUE_BACKEND',
    description:
      'Name of the queue backend. Default: the first backend in the dependencies of the application, or `memory`, which is for development only.',
    example: 'redis',
  },
  { name: 'QUEUE_BACKEND_TYPE', description: 'Alias of `QUEUE_BACKEND`.', example: 'redis' },
  {
    name: 'QUEUE_KEYS',
    description: 'Comma-separated queue keys that consumers read. Default: the key in `SLACK_EVENTS_TOPIC`.',
    example: 'slack_events,slack.events.app_mention',
  },
  {
    name: 'QUEUE_GROUPS',
    description:
      'Comma-separated groups that receive all messages from the first publish on, even before they have a consumer.',
    example: 'orders,audit',
  },
  {
    name: 'SLACK_EVENTS_TOPIC',
    description: 'Key to which Slack events are published.',
    default: 'slack_events',
    example: 'slack_events',
  },
  {
    name: 'SLACK_EVENTS_ROUTING',
    description:
      'With `topic`, all events go to the key in `SLACK_EVENTS_TOPIC`. With `type`, an event goes to the key of its type, for example `slack.events.app_mention`, if `QUEUE_KEYS` contains this key, and otherwise to the key in `SLACK_EVENTS_TOPIC`.',
    default: 'topic',
    example: 'type',
  },
  {
    name: 'SLACK_EVENTS_DEDUPE',
    description:
      'Name of an installed backend that records published events for all replicas. Set this variable if several replicas publish to a queue that stores repeated messages, such as RabbitMQ or Kafka. With `memory`, each process keeps its own record of published events.',
    default: 'memory',
    example: 'redis',
  },
];
