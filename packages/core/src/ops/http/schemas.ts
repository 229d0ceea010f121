import type { DeadLetterFilter } from '../dead-letters/dead-letter-filter.ts';
import {
  flag,
  integer,
  type JsonSchema,
  list,
  number,
  type ObjectSchema,
  object,
  oneOf,
  text,
  time,
} from './json-schema.ts';

const NAME = '^[A-Za-z0-9._-]{1,200}$';

export const PROCESS: JsonSchema = oneOf(['server', 'worker'], 'Which process answers.');

export const GROUP: JsonSchema = text('The name of the group.', { pattern: NAME, examples: ['bot'] });

export const KEYS: JsonSchema = list(
  text('A key.', { pattern: NAME, examples: ['slack_events'] }),
  'The keys of the group. Default: the configured keys of the backend.',
  { minItems: 1, maxItems: 100 },
);

export const CURSOR: JsonSchema = text('The `cursor` of the previous page.', { minLength: 1, maxLength: 500 });

type FilterField = keyof DeadLetterFilter;

/** The fields that select dead letters. */
export const FILTER: Readonly<Record<FilterField, JsonSchema>> = {
  ids: list(
    text('An id.', { minLength: 1, maxLength: 500, examples: ['Ev0123456789'] }),
    'Ids of dead letters, of their messages, or of the events in Slack.',
    { minItems: 1, maxItems: 1_000 },
  ),
  code: text('The code of the reason. An empty text selects dead letters without a code.', {
    maxLength: 100,
    examples: ['MAX_RETRIES'],
  }),
  error: text('The name of the error. An empty text selects dead letters whose error has no name.', {
    maxLength: 100,
    examples: ['TypeError'],
  }),
  message: text('The message of the error, in the form that `GET /ops/dead-letters/errors` returns.', {
    maxLength: 200,
  }),
  type: text('The type of the event.', { minLength: 1, maxLength: 128, examples: ['app_mention'] }),
  channel: text('The id of the channel.', { minLength: 1, maxLength: 128, examples: ['C0123456789'] }),
  after: time('Only dead letters that were parked at or after this time.'),
  before: time('Only dead letters that were parked before this time.'),
};

const OUTCOMES = object({
  handled: integer('Attempts that succeeded.'),
  retried: integer('Attempts that failed and are repeated.'),
  deadLettered: integer('Events that were parked.'),
  handedBack: integer('Attempts that ended without an outcome, for example at the end of the process.'),
});

const GROUP_STATUS = object(
  {
    group: GROUP,
    keys: list(
      object(
        { key: text('The key, or `*` if the numbers cover all keys.') },
        {
          lag: integer('Number of messages that the group has not settled.'),
          oldestAgeMs: number('Age in milliseconds of the oldest message that the group has not settled.'),
          deadLetters: integer('Number of dead letters.'),
        },
      ),
      'What the broker reports for each key.',
    ),
    consumers: integer('Number of consumers in this process.'),
    paused: integer('Number of consumers in this process that are paused.'),
  },
  {
    activity: {
      ...object({
        inFlight: integer('Number of messages that handlers are processing.'),
        lastMinute: OUTCOMES,
        total: OUTCOMES,
      }),
      description: 'Activity of the consumers in this process: messages in progress, and outcomes.',
    },
  },
);

export const GROUPS: ObjectSchema = object({
  process: PROCESS,
  backend: text('The name of the queue backend.'),
  status: oneOf(['up', 'degraded', 'down'], 'The state of the backend.'),
  groups: list(GROUP_STATUS, 'The groups, sorted by name.'),
});

const SUMMARY = {
  required: {
    id: text('The id of the dead letter.'),
    messageId: text('The id of the message.'),
    key: text('The key.'),
    group: GROUP,
    publishedAt: time('When the event was published.'),
    deadLetteredAt: time('When the event was parked.'),
    retryCount: integer('How often the event failed before it was parked.'),
    reason: object(
      {},
      { code: text('The code.'), name: text('The name of the error.'), message: text('The message of the error.') },
    ),
  },
  optional: {
    eventId: text('The id that Slack gave the event.'),
    type: text('The type of the event.'),
    channel: text('The channel.'),
  },
} as const;

export const DEAD_LETTERS: ObjectSchema = object(
  { items: list(object(SUMMARY.required, SUMMARY.optional), 'The oldest dead letter first.') },
  { cursor: text('Pass it as `cursor` to continue. Absent on the last page.') },
);

export const DEAD_LETTER: ObjectSchema = object(
  {
    ...SUMMARY.required,
    masked: flag('Whether texts in the payload are replaced.'),
    headers: { type: 'object', additionalProperties: text('A header.'), description: 'The headers of the message.' },
  },
  {
    ...SUMMARY.optional,
    payload: { type: 'object', additionalProperties: true, description: 'Absent if the body is not JSON.' },
  },
);

export const DEAD_LETTER_ERRORS: ObjectSchema = object({
  group: GROUP,
  scanned: integer('Number of dead letters that were read.'),
  truncated: flag('Whether there are more dead letters than were read.'),
  errors: list(
    object(
      {
        message: text('The message of the error, without ids and numbers.'),
        count: integer('Number of dead letters.'),
        oldest: time('When the oldest was parked.'),
        newest: time('When the newest was parked.'),
        examples: list(text('The id of a dead letter.'), 'The oldest three.'),
      },
      { code: text('The code of the reason.'), error: text('The name of the error.') },
    ),
    'The most frequent error first.',
  ),
});

const ENTRY = object(
  {
    step: oneOf(
      [
        'received',
        'stored',
        'spooled',
        'duplicate',
        'collapsed',
        'not_stored',
        'attempt',
        'handled',
        'retry',
        'dead_lettered',
        'handed_back',
        'redriven',
        'purged',
      ],
      'What happened.',
    ),
    at: integer('When the step happened, in milliseconds since the epoch.'),
  },
  {
    group: GROUP,
    attempt: integer('The number of the attempt. 1 for the first, also after a redrive.'),
    durationMs: integer('Duration in milliseconds.'),
    delayMs: integer('Milliseconds until the next attempt.'),
    error: text('The name of the error.'),
    code: text('The code of the error or of the reason.'),
  },
);

const FACTS = {
  required: { messageId: text('The id of the message.'), key: text('The key.') },
  optional: {
    eventId: text('The id that Slack gave the event.'),
    type: text('The type of the event.'),
    channel: text('The channel.'),
  },
} as const;

export const EVENTS: ObjectSchema = object({
  process: PROCESS,
  events: list(
    object(
      {
        ...FACTS.required,
        entries: list(ENTRY, 'The oldest step first.'),
        dropped: integer('Number of steps that were dropped because the event had too many.'),
      },
      FACTS.optional,
    ),
    'The newest event first.',
  ),
});

/** The data of each event in the stream `GET /ops/live`. */
export const LIVE_STEP: ObjectSchema = object({ ...FACTS.required, entry: ENTRY }, FACTS.optional);

export const ERROR: ObjectSchema = object({
  error: object({
    code: text('A stable code.'),
    message: text('An explanation.'),
    component: text('Always `ops`.'),
    details: { type: 'object', additionalProperties: true },
    correlation_id: text('The id of the request in the log.'),
  }),
});
