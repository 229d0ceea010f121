import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import { defineTool, type Tool } from '../../define-tool.ts';
import { askOps, type OpsRequest, type OpsSource } from './ask-ops.ts';
import { filterArguments } from './filter-arguments.ts';
import { OpsRefusedError } from './ops-refused-error.ts';

const VIEWS = ['groups', 'errors', 'dead_letters', 'events', 'jobs', 'audit'] as const;
const OF_A_GROUP: readonly string[] = ['errors', 'dead_letters'];

/** The tool `slack_inspect_queue`, which shows the event queue of this server. Never shows a payload. */
export function inspectQueueTool(ops: OpsSource): Tool {
  return defineTool({
    name: 'slack_inspect_queue',
    title: 'Inspect the event queue',
    description:
      'Show the event queue of this server: groups with lag and rates, dead letters or their errors, event timelines, jobs, or the audit log.',
    input: () =>
      z.strictObject({
        view: z.enum(VIEWS),
        ...filterArguments(),
        limit: z.int().min(1).max(100).optional(),
        cursor: z.string().min(1).max(500).optional(),
      }),
    output: () => z.looseObject({}),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
    scopes: [],
    async run({ view, limit = 20, ...query }, { posting }) {
      if (OF_A_GROUP.includes(view) && query.group === undefined) {
        throw new OpsRefusedError(`${view} needs a group: view=groups lists the groups.`, {});
      }
      const caller = { name: posting.caller ?? 'mcp', role: 'read' } as const;
      const answer = await askOps(ops, caller, requestOf(view, query, limit));
      return isEmpty(answer) ? { ...answer, note: NOTHING[view] } : answer;
    },
  });
}

/** What an answer without entries says, for each view. */
const NOTHING: Readonly<Record<(typeof VIEWS)[number], string>> = {
  groups: 'No group consumes from the queue. Start a worker.',
  errors: 'No dead letter of the group matches. Omit filters, or list the groups with view=groups.',
  dead_letters: 'No dead letter of the group matches. Omit filters, or list the groups with view=groups.',
  events: 'No event that this process remembers matches. Omit filters, or list dead letters with view=dead_letters.',
  jobs: 'No job has run. slack_operate_queue starts jobs.',
  audit: 'No one has operated the queue through this process. slack_operate_queue operates it.',
};

/** Whether an answer has lists, and all of them are empty. */
function isEmpty(answer: JsonObject): boolean {
  const lists = Object.values(answer).filter((value) => Array.isArray(value));
  return lists.length > 0 && lists.every((list) => list.length === 0);
}

function requestOf(view: (typeof VIEWS)[number], query: Record<string, unknown>, limit: number): OpsRequest {
  const method = 'GET';
  const { ids, type, channel, after, before } = query;
  switch (view) {
    case 'errors':
      return { method, path: '/ops/dead-letters/errors', query: { ...query, cursor: undefined } };
    case 'dead_letters':
      return { method, path: '/ops/dead-letters', query: { ...query, limit } };
    case 'events': {
      const [id] = (ids ?? []) as readonly string[];
      return { method, path: '/ops/events', query: { id, type, channel, after, before, limit } };
    }
    case 'audit':
      return { method, path: '/ops/audit', query: { limit } };
    default:
      return { method, path: `/ops/${view}` };
  }
}
