import { createMcpHost, type McpHost, type McpHostOptions } from '../../src/mcp/mcp-host.ts';
import { createToolService, type ToolService, type ToolServiceOptions } from '../../src/tools/tool-service.ts';

/** The tools of a test, and the MCP host that serves them. */
export interface TestHost extends McpHost, Pick<ToolService, 'tools' | 'toolsFor' | 'callTool'> {
  readonly service: ToolService;
}

/** The options of a test for its tools and their host. */
export type TestHostOptions = ToolServiceOptions & Omit<McpHostOptions, 'tools'>;

/**
 * Opens tools and a host for them, which close together. Answers contain structured content, which tests check, unless
 * the option `output` is `text`.
 */
export function openHost(options: TestHostOptions): TestHost {
  const { version, logger, openTaskQueues, observesEvents = false } = options;
  const service = createToolService({ output: 'json', ...options });
  const host = createMcpHost({ tools: service, version, logger, openTaskQueues, observesEvents });
  return {
    ...host,
    service,
    tools: service.tools,
    toolsFor: service.toolsFor,
    callTool: service.callTool,
    async close() {
      await host.close();
      await service.close();
    },
  };
}
