import { flag, integer, type JsonSchema, list, type ObjectSchema, object, oneOf, text, time } from './json-schema.ts';
import { FILTER, GROUP, KEYS } from './schemas.ts';

const REQUEST: Readonly<Record<'required' | 'optional', Readonly<Record<string, JsonSchema>>>> = {
  required: {
    action: oneOf(['redrive', 'purge'], 'What to do with the dead letters. `purge` deletes them.'),
    group: GROUP,
    filter: {
      ...object({}, FILTER),
      description:
        'Which dead letters to select. Every given field must match. `{}` selects all dead letters of the group.',
    },
  },
  optional: {
    keys: KEYS,
    dryRun: flag('Whether to only count what the job would do. Default false.'),
    cap: integer('Maximum number of dead letters. Default: no limit.', { minimum: 1, maximum: 1_000_000_000 }),
    ratePerSecond: integer('Maximum number of dead letters per second. Default: no limit.', {
      minimum: 1,
      maximum: 100_000,
      examples: [100],
    }),
  },
};

export const JOB_REQUEST: ObjectSchema = object(REQUEST.required, REQUEST.optional);

export const JOB: ObjectSchema = object(
  {
    ...REQUEST.required,
    id: text('The id of the job.'),
    status: oneOf(['running', 'completed', 'cancelled', 'failed'], 'The state of the job.'),
    scanned: integer('Number of dead letters that were read.'),
    matched: integer('Number of dead letters that the filter selected.'),
    done: integer('Number of dead letters that were redriven or purged.'),
    reachedCap: flag('Whether the job ended because of its cap.'),
    startedBy: text('The name of the key that started the job.'),
    startedAt: time('When the job started.'),
  },
  {
    ...REQUEST.optional,
    endedAt: time('When the job ended.'),
    error: object({
      code: text('A stable code.'),
      message: text('Why the job failed.'),
      details: { type: 'object', additionalProperties: true },
    }),
  },
);

export const JOBS: ObjectSchema = object({ jobs: list(JOB, 'The newest job first.') });

export const PAUSED: ObjectSchema = object({
  group: GROUP,
  consumers: integer('Number of consumers of the group in this process.'),
  paused: integer('Number of consumers that are paused now.'),
});

export const AUDIT: ObjectSchema = object({
  entries: list(
    object(
      {
        at: time('When the action happened.'),
        who: text('The name of the key of the operator.'),
        action: oneOf(['redrive', 'purge', 'cancel', 'pause', 'resume', 'show_payload', 'request'], 'The action.'),
        outcome: text('The outcome, for example `started`, `done`, `completed`, `cancelled` or `failed`.'),
      },
      {
        group: GROUP,
        target: text('The id of a job or of a dead letter.'),
        count: integer('Number of dead letters that were redriven or purged.'),
        dryRun: flag('Whether the job was a dry run, which only counts dead letters.'),
      },
    ),
    'The newest entry first.',
  ),
});
