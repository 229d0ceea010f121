import { ConfigurationError, isQueueError } from '@slack-mcp/core';
import { createSlackEgress, readAppToken } from '@slack-mcp/slack';
import { readMcpHttpSettings, readTransport } from '../../config/mcp-settings.ts';
import { readPublishKeys } from '../../config/queue-settings.ts';
import { readListenSettings, readToolSettings } from '../../config/server-settings.ts';
import type { SettingsReader } from '../../config/settings-reader.ts';
import { readSigningSecrets, readSlackSettings, type SlackSettings } from '../../config/slack-settings.ts';
import { resolveGateRules } from '../../tools/gates/gate-rules.ts';
import type { RegisteredTool } from '../../tools/registry.ts';
import { selectTools } from '../../tools/select-tools.ts';
import { offeredToolsets } from '../offered-toolsets.ts';
import { tokenKindsIn } from '../token-kinds.ts';
import { checkProxy, checkReachability } from './check-network.ts';
import { checkNode } from './check-node.ts';
import { checkQueue } from './check-queue.ts';
import { checkSigningSecrets } from './check-secrets.ts';
import { checkAppToken, checkTokens } from './check-tokens.ts';
import { checkUrl } from './check-url.ts';
import type { Finding } from './finding.ts';

/** Options of {@link diagnose}. */
export interface DiagnoseOptions {
  /** The version of Node, such as `v24.1.0`. */
  readonly node: string;
  /** The public URL of a running server. If set, the request URL of that server is checked too. */
  readonly url?: URL | undefined;
  /** The current time in milliseconds since the epoch. */
  readonly now: () => number;
}

/** Checks the settings and everything that a server with these settings depends on. Yields one finding per check. */
export async function* diagnose(reader: SettingsReader, options: DiagnoseOptions): AsyncGenerator<Finding> {
  yield checkNode(options.node);
  const slack = settled('settings', () => readSlackSettings(reader, { token: false }));
  if ('verdict' in slack) yield slack;
  const tools = settled('tools', () => readTools(reader, slack));
  if ('verdict' in tools) yield tools;
  else yield { check: 'tools', verdict: 'ok', message: `${tools.length} tools are on (slack-mcp tools lists them)` };
  yield settled('authorization', () => readAccess(reader));
  if (!('verdict' in slack)) yield* checkSlack(slack, 'verdict' in tools ? [] : tools, options);
  const signing = settled('signing secret', () => checkSigningSecrets(reader));
  yield signing;
  const app = settled('app token', () => ({ token: readAppToken(reader) }));
  if ('verdict' in app) yield app;
  else if (!('verdict' in slack)) yield await checkAppToken(app.token, createSlackEgress(slack));
  const receives = signing.verdict !== 'note' || ('token' in app && app.token !== undefined);
  yield receives || reader.env.string('QUEUE_BACKEND') !== undefined ? await queueFinding(reader) : NO_QUEUE;
  if (options.url === undefined) return;
  const secrets = signing.verdict === 'note' || signing.verdict === 'failure' ? [] : readSigningSecrets(reader);
  yield await checkUrl(options.url, { secrets, proxy: 'verdict' in slack ? undefined : slack.proxy });
}

async function* checkSlack(
  slack: SlackSettings,
  tools: readonly RegisteredTool[],
  { now }: DiagnoseOptions,
): AsyncGenerator<Finding> {
  const egress = createSlackEgress(slack);
  yield checkProxy(slack.proxy);
  const reached = await checkReachability(egress, now);
  yield* reached;
  // Without Slack, no token can be checked.
  if (!reached.some(({ verdict, check }) => verdict === 'failure' && check === 'Slack')) {
    yield* await checkTokens(slack, { egress, tools });
  }
}

async function queueFinding(reader: SettingsReader): Promise<Finding> {
  const keys = settled('queue', () => readPublishKeys(reader.env.source));
  return 'verdict' in keys ? keys : checkQueue(reader);
}

const NO_QUEUE: Finding = { check: 'queue', verdict: 'note', message: 'not checked, because no events are received' };

function readTools(reader: SettingsReader, slack: SlackSettings | Finding): readonly RegisteredTool[] {
  const settings = readToolSettings(reader);
  const { workspaces, kinds } =
    'verdict' in slack
      ? { workspaces: {}, kinds: ['bot', 'user'] as const }
      : { workspaces: slack.workspaces, kinds: tokenKindsIn(slack) };
  resolveGateRules(settings, Object.keys(workspaces ?? {}));
  return selectTools(offeredToolsets(reader), settings, kinds).tools;
}

/** Reads how clients authenticate over HTTP. */
function readAccess(reader: SettingsReader): Finding {
  const check = 'authorization';
  const { host } = readListenSettings(reader);
  const transport = readTransport(reader, 'stdio');
  // Over stdio, these settings have no effect, but they may be meant for another command.
  const { auth } = readMcpHttpSettings(reader, transport === 'stdio' ? 'both' : transport, host);
  const ways = [
    ...(auth?.keys === undefined ? [] : ['bearer keys']),
    ...(auth?.jwt === undefined ? [] : ['access tokens']),
    ...(auth?.slackSigned === undefined ? [] : ["Slack's signature"]),
  ];
  const message = ways.length === 0 ? `none; over HTTP, the server listens only on ${host}` : ways.join(', ');
  return { check, verdict: 'ok', message };
}

/** Returns the value, or a failure with the message of the configuration error. */
function settled<T extends object>(check: string, read: () => T): T | Finding {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError) && !isQueueError(error)) throw error;
    return { check, verdict: 'failure', message: (error as Error).message };
  }
}
