import { QUEUE_ENV } from '@slack-mcp/core';
import { METRICS_KEY, OPS_ENV } from '@slack-mcp/core/ops';
import { PROXY_VARS } from '@slack-mcp/slack';
import { AUTH_VARS } from './auth-variables.ts';
import type { ServerVar } from './server-var.ts';

/** Variables for the access to Slack. */
export const SLACK_VARS: readonly ServerVar[] = [
  {
    name: 'SLACK_BOT_TOKEN',
    description: 'Bot token that tools and workers use to call Slack.',
    example: 'xoxb-your-token',
    secret: true,
  },
  {
    name: 'SLACK_USER_TOKEN',
    description: 'User token, used for searches and unread messages, and for all calls if there is no bot token.',
    example: 'xoxp-your-token',
    secret: true,
  },
  {
    name: 'SLACK_TEAM_ID',
    description:
      'ID of the workspace that tools and workers act in. Required for the token of an Enterprise organization, because Slack otherwise lists no channels. With `SLACK_WORKSPACES`, set `SLACK_TEAM_ID_ACME` for the workspace `acme` instead.',
    example: 'T0123456789',
  },
  {
    name: 'SLACK_WORKSPACES',
    description:
      'Names of several workspaces, separated by commas. Replaces `SLACK_BOT_TOKEN` and `SLACK_USER_TOKEN`. With `SLACK_WORKSPACES=acme`, the token is read from `SLACK_BOT_TOKEN_ACME` or `SLACK_USER_TOKEN_ACME`, and tools accept the name as `team`.',
    example: 'acme,beta',
  },
  {
    name: 'SLACK_APP_TOKEN',
    description: 'App-level token with the scope `connections:write`, required for `--socket-mode`.',
    example: 'xapp-your-token',
    secret: true,
  },
  {
    name: 'SLACK_SIGNING_SECRET',
    description:
      'Signing secret of the Slack app. Required to receive Slack events over HTTP. During a rotation, separate the old and the new secret with a comma. An entry such as `A0123=secret` applies only to the app with that ID.',
    example: '0123456789abcdef0123456789abcdef',
    secret: true,
  },
  {
    name: 'SLACK_EVENTS_COLLAPSE_MENTIONS',
    description:
      'Drops the `message` event that Slack sends along with an `app_mention`, but only after the `app_mention` is in the queue.',
    example: 'true',
    default: 'false',
  },
  {
    name: 'SLACK_API_URL',
    description:
      'Base URL of the Slack Web API. The URL must use `https`, or `http` on a loopback address (for the simulator).',
    example: 'https://slack.com/api/',
    default: 'https://slack.com/api/',
  },
];

/** Variables for MCP. */
export const MCP_VARS: readonly ServerVar[] = [
  {
    name: 'MCP_TRANSPORT',
    flag: '--transport',
    description:
      'Transport over which to serve MCP, either `http` (or its alias `streamable-http`), `sse` or `both`. The command `slack-mcp-server` also accepts `stdio`, which is its default. Commands other than `slack-mcp-server` default to `both`.',
    example: 'both',
  },
  {
    name: 'MCP_SESSIONS',
    flag: '--sessions',
    description:
      '`stateful` gives each client a session; with `stateless`, each HTTP request is independent, so that several servers can run behind a load balancer. Clients of revision 2026-07-28 never have sessions.',
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
      'Maximum Slack calls per minute for each authenticated caller. A burst may contain up to a third of that number. 0: no limit.',
    example: '120',
    default: '60',
  },
  {
    name: 'MCP_ALLOWED_HOSTS',
    description:
      'Values of the `Host` header that the MCP and REST endpoints accept, separated by commas. By default, they accept loopback names and the address that the server listens on. A server that listens on all interfaces accepts any IP address and the name of its machine.',
    example: 'mcp.example.com',
  },
  {
    name: 'MCP_ALLOWED_ORIGINS',
    description:
      'Origins of web pages that may use the MCP and REST endpoints, separated by commas. The value `null` allows pages without an origin. By default, origins on a loopback address are allowed.',
    example: 'https://app.example.com',
  },
  {
    name: 'SLACK_MCP_TOOLSETS',
    flag: '--toolsets',
    description: 'Toolsets to serve in addition to the default toolsets, separated by commas, or `all`.',
    example: 'all',
  },
  {
    name: 'SLACK_MCP_TOOLS',
    flag: '--tools',
    description: 'Individual tools to serve in addition to the toolsets, separated by commas.',
    example: 'slack_read_emojis',
  },
  {
    name: 'SLACK_MCP_EXCLUDE_TOOLS',
    flag: '--exclude-tools',
    description:
      'Individual tools that are not served, separated by commas. `SLACK_MCP_EXCLUDE_TOOLS` overrides `SLACK_MCP_TOOLSETS` and `SLACK_MCP_TOOLS`.',
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
      'Channels that tools may read, separated by commas. An entry is a name, an ID, `@dm` for all direct messages, or `*` for all channels. A leading `!` denies the channel, and a prefix such as `acme/` limits an entry to one workspace. Denials take precedence. Default: all.',
    example: 'general,C0123456789,!hr',
  },
  {
    name: 'SLACK_MCP_WRITE_CHANNELS',
    description: 'Channels that tools may write to, in the format of `SLACK_MCP_READ_CHANNELS`.',
    example: 'bot-playground,@dm',
  },
  {
    name: 'SLACK_MCP_EXTERNAL_CHANNELS',
    description:
      'Access to channels that are shared with other organizations, either `allow`, `read` (read only) or `deny`.',
    example: 'read',
    default: 'allow',
  },
  {
    name: 'SLACK_MCP_ALLOW_BROADCAST',
    description: 'Allows posts to notify `@channel`, `@here` and `@everyone`.',
    example: 'true',
    default: 'false',
  },
  {
    name: 'SLACK_MCP_UPLOAD_FOLDERS',
    description:
      'Absolute paths of folders, separated by commas, from which the tool `slack_upload_file` may read files. Every caller who may use the tool can upload every file in these folders, except hidden ones. Default: no folder.',
    example: '/srv/reports',
  },
  {
    name: 'SLACK_MCP_OUTPUT',
    description:
      'Form of answers. `text` is compact text for models. `json` is for programs: tools list output schemas, and answers contain JSON as structured content and as text. Over REST, answers are always JSON.',
    example: 'json',
    default: 'text',
  },
  {
    name: 'SLACK_MCP_CACHE_FILE',
    description: 'File that keeps the names of channels and users across restarts. Default: memory only.',
    example: '/var/cache/slack-mcp/names.json',
  },
  {
    name: 'SLACK_MCP_IDEMPOTENCY_FILE',
    description:
      'File that keeps idempotency keys, so that a repeated call does not post a message twice, even after a restart. Only one process at a time can use an idempotency file. Default: the Redis of the queue if `QUEUE_BACKEND=redis`; otherwise, memory only.',
    example: '/var/lib/slack-mcp/idempotency.jsonl',
  },
];

/** Variables for the spool. */
export const SPOOL_VARS: readonly ServerVar[] = [
  {
    name: 'SLACK_MCP_SPOOL_DIR',
    description:
      'Folder in which the server keeps events while the broker is unavailable. The folder must be on a disk that outlives the process, and only one process at a time can use it. Default: the server keeps no events and answers 503, so that Slack sends them again.',
    example: '/var/lib/slack-mcp/spool',
  },
  {
    name: 'SLACK_MCP_SPOOL_MAX_BYTES',
    description:
      'Maximum total size, in bytes, of the events in `SLACK_MCP_SPOOL_DIR`. If an event does not fit, the server answers 503.',
    example: '1073741824',
    default: '268435456',
  },
];

/** Variables of every server command. */
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
    description: 'Port to listen on. 0: any free port.',
    example: '3000',
    default: '3000',
  },
  {
    name: 'TRUST_PROXY',
    description:
      'Proxies whose `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host` headers are used. Give the number of proxies in front of the server, or their addresses, separated by commas: IP addresses, CIDR ranges, `loopback`, `linklocal` or `uniquelocal`. `true` trusts every client, so use it only if clients cannot reach the port directly. By default, the headers are ignored.',
    example: '1',
    default: 'false',
  },
  METRICS_KEY,
  {
    name: 'LOG_LEVEL',
    flag: '--log-level',
    description: 'Log level, one of `trace`, `debug`, `info`, `warn`, `error`, `fatal` and `silent`.',
    example: 'debug',
    default: 'info',
  },
  {
    name: 'LOG_FORMAT',
    flag: '--log-format',
    description: 'Format of the log on standard error, either `json` or `text`.',
    example: 'text',
    default: 'json',
  },
  {
    name: 'SHUTDOWN_DELAY_MS',
    description:
      'Time in milliseconds after SIGTERM or SIGINT during which the server still accepts connections, while `/readyz` answers 503. Set a longer time than the interval at which your load balancer checks `/readyz`. This time counts towards `SHUTDOWN_TIMEOUT_MS`.',
    example: '5000',
    default: '0',
  },
  {
    name: 'SHUTDOWN_TIMEOUT_MS',
    description:
      'Maximum time in milliseconds to finish work in flight after SIGTERM or SIGINT. 0: the process ends at once.',
    example: '25000',
    default: '10000',
  },
];

/** Variables for the operations API. */
export const OPS_VARS: readonly ServerVar[] = [
  ...OPS_ENV.map((variable) =>
    variable.secret || variable.default === 'false'
      ? variable
      : { ...variable, flag: variable.name.replace('SLACK_MCP_', '--').replace('_', '-').toLowerCase() },
  ),
  {
    name: 'SLACK_MCP_OPS_URL',
    flag: '--url',
    description:
      'Comma-separated URLs of the servers and workers to which `slack-mcp ops` sends its requests. Redrives and purges run in the process at the first URL.',
    example: 'http://127.0.0.1:3000,http://127.0.0.1:9091',
    default: 'http://127.0.0.1:3000',
  },
];

/** Settings that have only a flag. */
export const FLAG_VARS: readonly ServerVar[] = [
  {
    name: '--retry',
    flag: '--retry',
    description: 'Maximum number of retries of a failed Slack call, from 0 to 10.',
    example: '3',
    default: '3',
  },
];

/** Every environment variable that the server itself reads. Each backend documents its own variables in its README. */
export const ENV_VARS: readonly ServerVar[] = [
  ...SLACK_VARS,
  ...PROXY_VARS,
  ...QUEUE_ENV,
  ...AUTH_VARS,
  ...MCP_VARS,
  ...SPOOL_VARS,
  ...SERVER_VARS,
  ...OPS_VARS,
];
