import type { Toolset } from '../../toolset.ts';
import type { OpsSource } from './ask-ops.ts';
import { inspectQueueTool } from './inspect-queue.ts';
import { operateQueueTool } from './operate-queue.ts';

/** Creates the toolset for the event queue of this server, which `all` does not include. */
export function createOpsToolset(ops: OpsSource): Toolset {
  return {
    id: 'ops',
    description: 'Show and operate the event queue of this server: groups, dead letters, timelines, redrives, pauses.',
    default: false,
    inAll: false,
    needs: 'Offered by `slack-integrated-server` with a key in `SLACK_MCP_OPS_KEY`.',
    instructions: [
      'Operate the event queue only when asked. Before a redrive or purge, count its dead letters with dry_run.',
    ],
    tools: [inspectQueueTool(ops), operateQueueTool(ops)],
  };
}
