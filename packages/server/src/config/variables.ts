import { QUEUE_ENV } from '@slack-mcp/core';
import { AUTH_VARS } from './auth-variables.ts';
import type { ServerVar } from './server-var.ts';

/** Access to Slack. */
export const SLACK_VARS: readonly ServerVar[] = [
  {
    name: 'SLACK_BOT_TOKEN',
    description: 'Bot token that the tools and workers call Slack with.',
    example: 'xoxb-your-token',
    secret: true,
  },
  {
    name: 'SLACK_USER_TOKEN',
    description: 'User token, used where there is no bot token.',
    example: 'xoxp-your-token',
    secret: true,
  },
  {
    name: 'SLACK_WORKSPACES',
    description:
      'Names for several workspaces, separated by commas, in place of the two above. The token of `acme` is then `SLACK_BOT_TOKEN_ACME` or `SLACK_USER_TOKEN_ACME`, and tools take a name as `team`.',
    example: 'acme,beta',
  },
  {
    name: 'SLACK_APP_TOKEN',
    description: 'App-level token with the scope `connections:write`, needed for `--socket-mode`.',
    example: 'xapp-your-token',
    secret: true,
  },
  {
    name: 'SLACK_SIGNING_SECRET',
    description:
      'Signing secret of the Slack app, needed to receive over HTTP. Several, separated by commas, while rotating; `A0123=secret` is for that app only.',
    example: '0123456789abcdef0123456789abcdef',
    secret: true,
  },
  {
    name: 'SLACK_EVENTS_COLLAPSE_MENTIONS',
    description: 'Drops the `message` that Slack sends beside an `app_mention`, once the queue has that.',
    example: 'true',
    default: 'false',
  },
  {
    name: 'SLACK_API_URL',
    description: 'Base of the Web API: `https`, or `http` on a loopback address (simulator).',
    example: 'https://slack.com/api/',
    default: 'https://slack.com/api/',
  },
];

/** How MCP is served. */
export const MCP_VARS: readonly ServerVar[] = [
  {
    name: 'MCP_TRANSPORT',
    flag: '--transport',
    description:
      '`http` (also `streamable-http`), `sse` or `both`; `slack-mcp-server` also takes `stdio`, its default. Elsewhere `both`.',
    example: 'both',
  },
  {
    name: 'MCP_SESSIONS',
    flag: '--sessions',
    description:
      '`stateful`, or `stateless`: every request over HTTP stands for itself, for several servers behind a load balancer. Clients of revision 2026-07-28 never have sessions.',
    example: 'stateless',
    default: 'stateful',
  },
  {
    name: 'MCP_MOUNT_PATH',
    flag: '--mount-path',
    description: 'Path of the MCP endpoint.',
    example: '/mcp',
    default: '/mcp',
  },
  {
    name: 'MCP_CALLS_PER_MINUTE',
    description:
      'Calls that reach Slack, of each caller who says who it is, a minute; a third of them at once. 0: any number.',
    example: '120',
    default: '60',
  },
  {
    name: 'MCP_ALLOWED_HOSTS',
    description: 'Host headers that MCP answers to, separated by commas. Unset: those of the address it listens on.',
    example: 'mcp.example.com',
  },
  {
    name: 'MCP_ALLOWED_ORIGINS',
    description:
      'Origins of browsers that MCP answers to, separated by commas. `null` is that of pages without one. Unset: those on a loopback address.',
    example: 'https://app.example.com',
  },
  {
    name: 'SLACK_MCP_TOOLSETS',
    flag: '--toolsets',
    description: 'Toolsets to add to the default ones, separated by commas, or `all`.',
    example: 'all',
  },
  {
    name: 'SLACK_MCP_TOOLS',
    flag: '--tools',
    description: 'Single tools to add to those of the toolsets, separated by commas.',
    example: 'slack_read_emojis',
  },
  {
    name: 'SLACK_MCP_EXCLUDE_TOOLS',
    flag: '--exclude-tools',
    description: 'Tools to leave out, separated by commas. Wins over the two above.',
    example: 'slack_add_reactions',
  },
  {
    name: 'SLACK_MCP_READ_ONLY',
    description: 'Removes every tool that writes.',
    example: 'true',
    default: 'false',
  },
  {
    name: 'SLACK_MCP_READ_CHANNELS',
    description:
      'Channels that tools may read, separated by commas: names, ids, `@dm` for direct messages, `*` for all, each with `!` before it to deny it, and `team/` for one of several workspaces. Denied wins. Unset: all.',
    example: 'general,C0123456789,!hr',
  },
  {
    name: 'SLACK_MCP_WRITE_CHANNELS',
    description: 'Channels that tools may write to, in the same way.',
    example: 'bot-playground,@dm',
  },
  {
    name: 'SLACK_MCP_EXTERNAL_CHANNELS',
    description: 'Channels shared with other organizations: `allow`, only `read`, or `deny`.',
    example: 'read',
    default: 'allow',
  },
  {
    name: 'SLACK_MCP_ALLOW_BROADCAST',
    description: 'Lets posts notify `@channel`, `@here` and `@everyone`.',
    example: 'true',
    default: 'false',
  },
  {
    name: 'SLACK_MCP_CACHE_FILE',
    description: 'File that keeps names of channels and users from run to run. Unset: they are only in memory.',
    example: '/var/cache/slack-mcp/names.json',
  },
  {
    name: 'SLACK_MCP_IDEMPOTENCY_FILE',
    description:
      'File that keeps idempotency keys, so that a repeated call posts nothing twice across restarts either. One process at a time can have it. Unset: they are only in memory.',
    example: '/var/lib/slack-mcp/idempotency.jsonl',
  },
];

/** Proxies, by the names that other programs read too. */
export const PROXY_VARS: readonly ServerVar[] = [
  {
    name: 'HTTPS_PROXY',
    description: "Proxy on the way to Slack's Web API. In lower case too, as are the next two.",
    example: 'http://proxy.example.com:3128',
    secret: true,
  },
  {
    name: 'HTTP_PROXY',
    description: 'Proxy on the way to a Web API without TLS.',
    example: 'http://proxy.example.com:3128',
    secret: true,
  },
  {
    name: 'NO_PROXY',
    description: 'Hosts that are reached without a proxy, separated by commas. Loopback addresses always are.',
    example: 'localhost,.example.com',
  },
];

/** How every server command runs. */
export const SERVER_VARS: readonly ServerVar[] = [
  {
    name: 'HOST',
    flag: '--host',
    description: 'Address to listen on.',
    example: '127.0.0.1',
    default: '127.0.0.1',
  },
  {
    name: 'PORT',
    flag: '--port',
    description: 'Port to listen on; 0: any free one.',
    example: '3000',
    default: '3000',
  },
  {
    name: 'LOG_LEVEL',
    flag: '--log-level',
    description: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
    example: 'debug',
    default: 'info',
  },
  {
    name: 'LOG_FORMAT',
    flag: '--log-format',
    description: '`json` or `text`, on standard error.',
    example: 'text',
    default: 'json',
  },
  {
    name: 'SHUTDOWN_TIMEOUT_MS',
    description: 'Milliseconds to finish what is in flight when the server is told to end; 0: none.',
    example: '25000',
    default: '10000',
  },
];

/** What only a flag sets. */
export const FLAG_VARS: readonly ServerVar[] = [
  {
    name: '--retry',
    flag: '--retry',
    description: 'Retries of a failed Slack call, 0 to 10.',
    example: '3',
    default: '3',
  },
];

/** Every environment variable that the server reads itself; a backend's are in its own README. */
export const ENV_VARS: readonly ServerVar[] = [
  ...SLACK_VARS,
  ...PROXY_VARS,
  ...QUEUE_ENV,
  ...AUTH_VARS,
  ...MCP_VARS,
  ...SERVER_VARS,
];
