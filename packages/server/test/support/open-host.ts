import { createMcpHost, type McpHost, type McpHostOptions } from '../../src/mcp/mcp-host.ts';
import { createToolService, type ToolService, type ToolServiceOptions } from '../../src/tools/tool-service.ts';

/** The tools of a test and what serves them over MCP. */
export interface TestHost extends McpHost, Pick<ToolService, 'tools' | 'toolsFor' | 'callTool'> {
  readonly service: ToolService;
}

/** What a test wants of its tools, and of what serves them. */
export type TestHostOptions = ToolServiceOptions & Omit<McpHostOptions, 'tools'>;

/** Opens tools and a host for them, which are closed together. */
export function openHost(options: TestHostOptions): TestHost {
  const { version, logger, openTaskQueues, observesEvents = false } = options;
  const service = createToolService(options);
  const host = createMcpHost({ tools: service, version, logger, openTaskQueues, observesEvents });
  return {
    ...host,
    service,
    tools: service.tools,
    toolsFor: service.toolsFor,
    callTool: service.callTool,
    async close() {
      await host.close();
      service.close();
    },
  };
}
