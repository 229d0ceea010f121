import type { EnvVar } from '../contract/plugin.ts';

/** The variables of the queue that are the same whatever the backend: which one, which keys, which groups. */
export const QUEUE_ENV: readonly EnvVar[] = [
  {
    name: 'QUEUE_BACKEND',
    description: 'Name of the queue backend. Unset: the installed one, else `memory`, which is for development only.',
    example: 'redis',
  },
  { name: 'QUEUE_BACKEND_TYPE', description: 'Alias of `QUEUE_BACKEND`.', example: 'redis' },
  {
    name: 'QUEUE_KEYS',
    description: 'Keys that consumers read, separated by commas. Unset: the key in `SLACK_EVENTS_TOPIC`.',
    example: 'slack_events,slack.events.app_mention',
  },
  {
    name: 'QUEUE_GROUPS',
    description: 'Groups that are owed messages from the first publish on, separated by commas.',
    example: 'orders,audit',
  },
  {
    name: 'SLACK_EVENTS_TOPIC',
    description: 'Key that Slack events are published to.',
    default: 'slack_events',
    example: 'slack_events',
  },
  {
    name: 'SLACK_EVENTS_ROUTING',
    description:
      '`type`: kinds of events whose own key (`slack.events.app_mention`) is in `QUEUE_KEYS` go there. `topic`: all go to `SLACK_EVENTS_TOPIC`.',
    default: 'topic',
    example: 'type',
  },
  {
    name: 'SLACK_EVENTS_DEDUPE',
    description:
      'Name of an installed backend that remembers for all replicas what was published, in front of a queue that stores the same event twice. `memory`: each process does for itself.',
    default: 'memory',
    example: 'redis',
  },
];
