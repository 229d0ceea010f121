import {
  type DeadLetterQuery,
  groupDeadLetters,
  listDeadLetters,
  showDeadLetter,
} from '../dead-letters/list-dead-letters.ts';
import { listGroups } from '../groups/list-groups.ts';
import { OpsError } from '../ops-error.ts';
import { readState } from '../state/read-state.ts';
import { type EventQuery, findEvents, showEvent } from '../timeline/find-events.ts';
import type { LiveFilter } from '../timeline/live-streams.ts';
import { flag, integer, object, text, time } from './json-schema.ts';
import type { OpsRoute } from './ops-route.ts';
import {
  CURSOR,
  DEAD_LETTER,
  DEAD_LETTER_ERRORS,
  DEAD_LETTERS,
  EVENTS,
  FILTER,
  GROUP,
  GROUPS,
  KEYS,
  LIVE_STEP,
} from './schemas.ts';
import { STATE } from './state-schema.ts';

const ID = text('An id.', { minLength: 1, maxLength: 500 });

/** The routes that change nothing. */
export const READ_ROUTES: readonly OpsRoute[] = [
  {
    method: 'GET',
    path: '/ops/groups',
    role: 'read',
    summary: 'Lists the groups with their lag, the age of the oldest message, dead letters, and rates in this process.',
    answer: GROUPS,
    errors: [],
    handle: (ops) => listGroups(ops),
  },
  {
    method: 'GET',
    path: '/ops/dead-letters',
    role: 'read',
    summary: 'Lists the dead letters of a group that match a filter, oldest first, without payloads.',
    query: object(
      { group: GROUP },
      {
        keys: KEYS,
        ...FILTER,
        limit: integer('Maximum number of items. Default 100.', { minimum: 1, maximum: 1_000, examples: [100] }),
        cursor: CURSOR,
      },
    ),
    answer: DEAD_LETTERS,
    errors: ['unknown_group', 'queue_unavailable'],
    handle: (ops, { query }) => listDeadLetters(ops, query as unknown as DeadLetterQuery),
  },
  {
    method: 'GET',
    path: '/ops/dead-letters/errors',
    role: 'read',
    summary: 'Groups the dead letters of a group by their error.',
    query: object(
      { group: GROUP },
      {
        keys: KEYS,
        ...FILTER,
        limit: integer('Maximum number of dead letters to read. Default 10000.', { minimum: 1, maximum: 100_000 }),
      },
    ),
    answer: DEAD_LETTER_ERRORS,
    errors: ['unknown_group', 'queue_unavailable'],
    handle: (ops, { query }) => groupDeadLetters(ops, query as unknown as DeadLetterQuery),
  },
  {
    method: 'GET',
    path: '/ops/dead-letters/{id}',
    role: 'read',
    summary:
      'Shows one dead letter. Texts in the payload are masked, unless the key has the role `operate` and `payload` is true.',
    params: object({ id: ID }),
    query: object({ group: GROUP }, { keys: KEYS, payload: flag('Whether to show the texts in the payload.') }),
    answer: DEAD_LETTER,
    errors: ['unknown_dead_letter', 'unknown_group', 'queue_unavailable', 'insufficient_role'],
    handle: async (ops, { query, params, caller }) => {
      const { payload = false, ...group } = query as unknown as DeadLetterQuery & { payload?: boolean };
      const { id = '' } = params;
      const act = { who: caller.name, action: 'show_payload', group: group.group } as const;
      if (payload && caller.role !== 'operate') {
        ops.audit.record({ ...act, target: id, outcome: 'refused' });
        throw new OpsError(
          'insufficient_role',
          `The key ${caller.name} may only read: payloads need the role operate.`,
        );
      }
      const letter = await showDeadLetter(ops, { ...group, id, masked: !payload });
      if (payload) ops.audit.record({ ...act, target: letter.id });
      return letter;
    },
  },
  {
    method: 'GET',
    path: '/ops/events',
    role: 'read',
    summary: 'Finds events that this process has seen, newest first, with their timelines.',
    query: object(
      {},
      {
        id: { ...ID, description: 'The id of the message, or the id of its event in Slack.' },
        type: FILTER.type,
        channel: FILTER.channel,
        after: time('Only events with a step at or after this time.'),
        before: time('Only events with a step before this time.'),
        limit: integer('Maximum number of events. Default 50.', { minimum: 1, maximum: 500, examples: [50] }),
      },
    ),
    answer: EVENTS,
    errors: [],
    handle: (ops, { query }) => findEvents(ops, query as EventQuery),
  },
  {
    method: 'GET',
    path: '/ops/events/{id}',
    role: 'read',
    summary: 'Shows the timeline of one event, by the id of its message or of the event in Slack.',
    params: object({ id: ID }),
    answer: EVENTS,
    errors: ['unknown_event'],
    handle: (ops, { params }) => showEvent(ops, params['id'] ?? ''),
  },
  {
    method: 'GET',
    path: '/ops/live',
    role: 'read',
    summary: 'Streams the steps of events in this process as server-sent events named `step`.',
    query: object({}, { type: FILTER.type, channel: FILTER.channel, group: GROUP }),
    answer: LIVE_STEP,
    isStream: true,
    errors: ['too_many_streams'],
    handle: (ops, { query }) => ops.streams.open(query as LiveFilter),
  },
  {
    method: 'GET',
    path: '/ops/state',
    role: 'read',
    summary: 'Shows the tool calls, Slack calls, rate limits, open circuits and sessions of this process.',
    answer: STATE,
    errors: [],
    handle: (ops) => readState(ops),
  },
];
