import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { TOKEN } from './start-workspace.ts';

/** How to start a server over stdio. */
export interface StdioServer {
  command: string;
  args: string[];
  env: Record<string, string>;
}

/** How to start the server of `stdio-server-process.ts` in its own process, from a bundle. */
export function stdioServerParameters(slackApiUrl: string): StdioServer {
  return parametersOf(join(inject('commands'), 'stdio-server-process.mjs'), slackApiUrl);
}

/** The same from its source, which loads each module from its own file. */
export function stdioSourceParameters(slackApiUrl: string): StdioServer {
  return parametersOf(fileURLToPath(new URL('./stdio-server-process.ts', import.meta.url)), slackApiUrl);
}

function parametersOf(file: string, slackApiUrl: string): StdioServer {
  const { NODE_COMPILE_CACHE } = process.env;
  return {
    command: process.execPath,
    args: ['--conditions=@slack-mcp/source', file],
    env: {
      ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
      SLACK_API_URL: slackApiUrl,
      SLACK_BOT_TOKEN: TOKEN,
    },
  };
}
