import { fileURLToPath } from 'node:url';
import { TOKEN } from './start-workspace.ts';

/** How to start the server of `stdio-server-process.ts` in its own process. */
export function stdioServerParameters(slackApiUrl: string): {
  command: string;
  args: string[];
  env: Record<string, string>;
} {
  const { NODE_COMPILE_CACHE } = process.env;
  return {
    command: process.execPath,
    args: ['--conditions=@slack-mcp/source', fileURLToPath(new URL('./stdio-server-process.ts', import.meta.url))],
    env: {
      ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
      SLACK_API_URL: slackApiUrl,
      SLACK_BOT_TOKEN: TOKEN,
    },
  };
}
