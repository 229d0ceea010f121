import { ConfigurationError, isLoopback, type Logger, type TaskQueues } from '@slack-mcp/core';
import { createProxyFetch, type SigningSecrets } from '@slack-mcp/slack';
import { type AuthOptions, createAccessGuard, isGuarded } from '../access/access-guard.ts';
import { addAccessHooks } from '../access/access-hooks.ts';
import { CallerQuotas, type QuotaLimits } from '../access/caller-quotas.ts';
import { metadataRoutes } from '../access/metadata-routes.ts';
import { SlackSignatures } from '../access/slack-signatures.ts';
import { mcpRoutes } from '../mcp/http/http-routes.ts';
import { Intake } from '../mcp/http/intake.ts';
import { createMcpHost } from '../mcp/mcp-host.ts';
import type { Metrics } from '../ops/metrics.ts';
import { addStartPage } from '../rest/start-page.ts';
import { toolRoutes } from '../rest/tool-routes.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import { createToolService, type ToolOptions } from '../tools/tool-service.ts';
import { packageVersion } from '../version.ts';
import type { ServerPart } from './compose-server.ts';
import type { OpenSlack } from './open-slack.ts';
import type { SlackOptions } from './server-options.ts';

/** The options for serving MCP that apply to every transport. */
export interface McpOptions extends ToolOptions {
  /**
   * Opens the stores for the tasks of revision 2025-11-25: a `TaskStore` and a `TaskMessageQueue` of the MCP SDK. The
   * stores are closed together with the server. By default, tasks are kept in the memory of the process.
   */
  readonly openTaskQueues?: (() => Promise<TaskQueues>) | undefined;
}

/** The options for serving MCP over HTTP. */
export interface McpHttpOptions extends McpOptions {
  /** Default `both`. */
  readonly mcpTransport?: 'streamable-http' | 'sse' | 'both';
  /** Path of the MCP endpoint. Default `/mcp`. */
  readonly mcpMountPath?: string;
  /**
   * How callers authenticate. Authorization is required on any address other than loopback. Default: no authorization.
   */
  readonly auth?: AuthOptions | undefined;
  /** The app's signing secret. Required by `auth.slackSigned`. */
  readonly signingSecret?: SigningSecrets;
  /**
   * The URL of the MCP endpoint as clients see it, used to verify access tokens; by default, built from the host of
   * each request.
   */
  readonly publicUrl?: string | undefined;
  /** Accepted values of the `Host` header; default: loopback names and the address that the server listens on. */
  readonly allowedHosts?: readonly string[];
  /** Accepted browser origins; default: origins on a loopback address. */
  readonly allowedOrigins?: readonly string[];
  /**
   * Whether clients of revisions before 2026-07-28 have sessions. Without sessions, each request is independent, and
   * there is no SSE. Default `stateful`.
   */
  readonly mcpSessions?: 'stateful' | 'stateless';
  /** Milliseconds after which an idle session ends. Default 30 minutes. */
  readonly sessionIdleMs?: number;
  /** Maximum number of sessions. A single caller can open at most half of `maxSessions` sessions. Default 1000. */
  readonly maxSessions?: number;
  /** Additional limits on the resources that callers may use at a time, and on how often each caller may call Slack. */
  readonly quotas?: Omit<QuotaLimits, 'sessions'>;
}

/** The component of a server that serves MCP. */
export interface McpPart extends ServerPart {
  /** For each tool, its alternative scopes. A tool needs only one of its alternative scopes. */
  readonly scopes: readonly (readonly string[])[];
  /**
   * Notifies the clients that have subscribed to the resources in `paths`. The function `paths` is called only if there
   * are subscribers.
   */
  update(paths: () => readonly string[]): void;
}

/** Adds the component that serves the tools, over MCP and as plain REST. */
export function serveMcp(
  options: McpHttpOptions &
    Pick<SlackOptions, 'proxy'> & {
      readonly slack: OpenSlack;
      readonly logger: Logger;
      readonly metrics: Metrics;
      /** The available tools, before selection; default: all tools of this package. */
      readonly registry?: ToolRegistry;
      /** Maximum number of connections. Default: no limit. */
      readonly connections?: number;
      /** Whether the server calls `update` when a resource changes. */
      readonly observesEvents?: boolean;
    },
): McpPart {
  const { slack, logger, metrics, auth, signingSecret, publicUrl, proxy, allowedHosts, allowedOrigins } = options;
  const { mcpTransport = 'both', mcpMountPath = '/mcp', sessionIdleMs = 30 * 60_000, maxSessions = 1_000 } = options;
  const calls = metrics.histogram('toolCalls');
  const tokens = metrics.counter('toolAnswerTokens');
  const tools = createToolService({
    ...options,
    slack: slack.ports,
    openSlack: slack.portOf,
    logger,
    onToolCall: ({ tool, outcome, durationMs, answerTokens }) => {
      calls({ tool, outcome }, durationMs);
      tokens({ tool }, answerTokens);
    },
  });
  const { observesEvents = false, openTaskQueues } = options;
  const host = createMcpHost({ tools, openTaskQueues, observesEvents, version: packageVersion(), logger });
  const guard = createAccessGuard({
    auth,
    publicUrl,
    mountPath: mcpMountPath,
    slackSignatures:
      signingSecret === undefined ? undefined : new SlackSignatures(signingSecret, { appId: auth?.slackSigned?.appId }),
    fetch: proxy && createProxyFetch(proxy),
    ...(allowedHosts?.length ? { allowedHosts } : {}),
    ...(allowedOrigins?.length ? { allowedOrigins } : {}),
    logger,
  });
  const intake = new Intake();
  const quotas = new CallerQuotas({ ...options.quotas, sessions: maxSessions }, options.connections);
  const writes = (tool: string): boolean => tools.registry.get(tool)?.annotations.readOnlyHint === false;
  return {
    name: 'mcp_server',
    scopes: tools.registry.tools.map(({ scopes }) => scopes),
    health: () => ({ status: 'up', detail: { transport: mcpTransport, tools: tools.registry.tools.length } }),
    routes: async (app) => {
      await app.register(async (scope) => {
        addStartPage(scope, mcpMountPath);
        await addAccessHooks(scope, { guard, writes, logger });
        await scope.register(metadataRoutes, { guard });
        await scope.register(mcpRoutes, {
          host,
          guard,
          mountPath: mcpMountPath,
          transport: mcpTransport,
          sessions: options.mcpSessions ?? 'stateful',
          sessionIdleMs,
          quotas,
          publicUrl,
          intake,
          onSessionCount: (count) => metrics.gauge('sessions', () => [{ labels: {}, value: count() }]),
          logger,
        });
        await scope.register(toolRoutes, { tools, guard, quotas });
      });
    },
    update: (paths) => {
      if (host.changes.isWatched) paths().forEach(host.resourceUpdated);
    },
    giveUp: () => intake.giveUp(),
    async close() {
      guard.close();
      await host.close();
      await tools.close();
    },
  };
}

/**
 * Throws if the tools would be served to a network without authorization.
 *
 * @throws ConfigurationError
 */
export function assertGuarded(host: string, auth: AuthOptions | undefined): void {
  if ((auth !== undefined && isGuarded(auth)) || isLoopback(host)) return;
  throw new ConfigurationError(
    `on ${host}, anyone who can reach the port could use the Slack token through MCP: set auth, or listen on 127.0.0.1`,
  );
}
