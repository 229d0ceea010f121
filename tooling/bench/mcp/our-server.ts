import { z } from 'zod';
import { createLogger } from '../../../packages/server/src/logging/create-logger.ts';
import { createMetrics } from '../../../packages/server/src/ops/metrics.ts';
import { composeServer } from '../../../packages/server/src/servers/compose-server.ts';
import { openSlack } from '../../../packages/server/src/servers/open-slack.ts';
import { serveMcp } from '../../../packages/server/src/servers/serve-mcp.ts';
import { defineTool } from '../../../packages/server/src/tools/define-tool.ts';
import { createToolRegistry } from '../../../packages/server/src/tools/registry.ts';
import { reportUsage } from './report-usage.ts';

/** The MCP server as its command creates it, with its default log level, in its own process. */
const [apiUrl = '', tools = 'slack'] = process.argv.slice(2);

const echo = defineTool({
  name: 'echo',
  title: 'Echo',
  description: 'Repeats the text.',
  input: () => z.object({ text: z.string() }),
  output: () => z.object({ text: z.string() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: [],
  run: async ({ text }) => ({ text }),
});

const echoes = { id: 'echo', description: 'Repeats the text.', default: true, instructions: [], tools: [echo] };

const token = 'xoxb-benchmark';
const logger = createLogger({ level: 'info', format: 'json' }, [token]);
const metrics = createMetrics({ process: true });
const mcp = serveMcp({
  slack: openSlack({ token, apiUrl }, logger),
  logger,
  metrics,
  ...(tools === 'echo' ? { registry: createToolRegistry([echoes]) } : {}),
});
const server = composeServer({ host: '127.0.0.1', port: 0, logger, metrics, open: async (add) => add(mcp) });
await server.start();
reportUsage();
process.send?.({ port: Number(new URL(server.address).port) });
