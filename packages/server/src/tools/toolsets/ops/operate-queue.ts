import { z } from 'zod';
import { confirm } from '../../confirm.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { askOps, given, type OpsRequest, type OpsSource } from './ask-ops.ts';
import { filterArguments } from './filter-arguments.ts';
import { OpsRefusedError } from './ops-refused-error.ts';

const ACTIONS = ['redrive', 'purge', 'cancel', 'pause', 'resume'] as const;

/** The tool `slack_operate_queue`, which acts on the event queue of this server. */
export function operateQueueTool(ops: OpsSource): Tool {
  return defineTool({
    name: 'slack_operate_queue',
    title: 'Operate the event queue',
    description:
      'Redrive or purge dead letters of a group as a job, cancel a job, or pause and resume a group. First count the dead letters with dry_run.',
    input: () =>
      z.strictObject({
        action: z.enum(ACTIONS),
        ...filterArguments(),
        all: z.boolean().optional().describe('Select all dead letters of the group'),
        dry_run: z.boolean().optional().describe('Only count'),
        cap: z.int().min(1).max(1_000_000_000).optional().describe('Maximum dead letters'),
        rate: z.int().min(1).max(100_000).optional().describe('Maximum per second'),
        job: z.string().min(1).max(100).optional().describe('Job ID, to cancel'),
      }),
    output: () => z.looseObject({}),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
    scopes: [],
    async run({ action, group, job, ...rest }, { posting, ask }) {
      const caller = { name: posting.caller ?? 'mcp', role: 'operate' } as const;
      if (action === 'cancel') {
        const params = { id: needed(job, action, 'job') };
        return askOps(ops, caller, { method: 'POST', path: '/ops/jobs/{id}/cancel', params });
      }
      const name = needed(group, action, 'group');
      if (action === 'pause' || action === 'resume') {
        const path = `/ops/groups/{group}/${action}`;
        return askOps(ops, caller, { method: 'POST', path, params: { group: name } });
      }
      const request = jobOf(action, name, rest);
      if (action === 'purge' && rest.dry_run !== true) {
        await confirm(ask, async () => `Delete the selected dead letters of ${name} permanently?`);
      }
      return askOps(ops, caller, request);
    },
  });
}

interface JobArguments extends Record<string, unknown> {
  readonly all?: boolean | undefined;
  readonly dry_run?: boolean | undefined;
  readonly cap?: number | undefined;
  readonly rate?: number | undefined;
}

function jobOf(action: string, group: string, { all, dry_run, cap, rate, ...fields }: JobArguments): OpsRequest {
  const filter = given(fields);
  if (Object.keys(filter).length > 0 === (all === true)) {
    throw new OpsRefusedError(`${action} needs either a filter such as code, or all=true.`, {});
  }
  const body = { action, group, filter, dryRun: dry_run, cap, ratePerSecond: rate };
  return { method: 'POST', path: '/ops/jobs', body };
}

function needed(value: string | undefined, action: string, name: string): string {
  if (value === undefined) throw new OpsRefusedError(`${action} needs the argument ${name}.`, {});
  return value;
}
