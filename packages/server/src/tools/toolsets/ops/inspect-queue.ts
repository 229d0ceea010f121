import { z } from 'zod';
import { defineTool, type Tool } from '../../define-tool.ts';
import { askOps, type OpsRequest, type OpsSource } from './ask-ops.ts';
import { FILTER_ARGUMENTS } from './filter-arguments.ts';
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
    input: z.strictObject({
      view: z.enum(VIEWS),
      ...FILTER_ARGUMENTS,
      limit: z.int().min(1).max(100).optional(),
      cursor: z.string().min(1).max(500).optional(),
    }),
    output: z.looseObject({}),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
    scopes: [],
    async run({ view, limit = 20, ...query }, { posting }) {
      if (OF_A_GROUP.includes(view) && query.group === undefined) {
        throw new OpsRefusedError(`${view} needs a group: view=groups lists the groups.`, {});
      }
      return askOps(ops, { name: posting.caller ?? 'mcp', role: 'read' }, requestOf(view, query, limit));
    },
  });
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
