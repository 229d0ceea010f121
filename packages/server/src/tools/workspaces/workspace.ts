import { join, parse } from 'node:path';
import type { Logger } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import { type CallNotices, NO_NOTICES } from '../../mcp/protocol/call-notices.ts';
import type { ClientLog } from '../../mcp/protocol/client-log.ts';
import type { ToolContext } from '../define-tool.ts';
import { createDirectory, type Directory } from '../directory/directory.ts';
import { openDirectoryFile } from '../directory/directory-file.ts';
import { type ChannelUse, createChannelGate } from '../gates/channel-gate.ts';
import type { GateRules } from '../gates/gate.ts';
import { Idempotency } from '../gates/idempotency/idempotency.ts';
import type { IdempotencyStore } from '../gates/idempotency/idempotency-store.ts';
import { stringOf } from '../messages/json-fields.ts';

/** One Slack workspace as tools use it: its limits, names, gate and keys are its own. */
export interface Workspace {
  /** What its operator calls it. Absent where it is the only one. */
  readonly name?: string | undefined;
  readonly slack: SlackPort;
  /**
   * What Slack says that it is, asked once.
   *
   * @throws SlackError
   */
  identify(): Promise<WorkspaceIdentity>;
  /** What may be used during one call, of a tool or of something that reads like one. */
  contextFor(use: ChannelUse, call: CallContext): ToolContext;
  /** Reads names in the background. */
  warm(): void;
  close(): void;
}

/** What a call brings with it. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** Default: tells nothing. */
  readonly notices?: CallNotices | undefined;
  /** The id of who calls, whose idempotency keys are his own; undefined where nobody has to say. */
  readonly caller?: string | undefined;
}

/** What Slack calls a workspace. */
export interface WorkspaceIdentity {
  /** Slack's id of it. */
  readonly team_id: string;
  readonly team: string;
  readonly url: string;
}

/** Options of `openWorkspace`. */
export interface WorkspaceOptions {
  name?: string | undefined;
  slack: SlackPort;
  rules: GateRules;
  allowBroadcast: boolean;
  idempotencyStore: IdempotencyStore;
  cacheFile: string | undefined;
  logger: Logger;
}

/** Calls nobody. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { name, slack, rules, allowBroadcast, idempotencyStore, logger } = options;
  const directory = openDirectory(options);
  const channelsFor = createChannelGate({ rules, directory, slack, team: name });
  const idempotency = new Idempotency(idempotencyStore, { scope: slack.identity ?? name ?? '', logger });
  const posting = { allowBroadcast, idempotency };
  let identity: Promise<WorkspaceIdentity> | undefined;
  return {
    name,
    slack,
    identify() {
      identity ??= readIdentity(slack).catch((error: unknown) => {
        identity = undefined;
        throw error;
      });
      return identity;
    },
    contextFor: (use, { signal, notices = NO_NOTICES, caller }) => ({
      slack: tellWaits(slack, notices.log),
      channels: channelsFor(use),
      users: directory.users,
      emoji: directory.emoji,
      posting: { ...posting, caller },
      signal,
      progress: notices.progress,
      logger,
    }),
    warm: () => directory.warm(),
    close: () => directory.close(),
  };
}

/** A port whose calls tell their client when they wait. */
function tellWaits(slack: SlackPort, log: ClientLog): SlackPort {
  if (log === NO_NOTICES.log) return slack;
  return {
    ...slack,
    call: (method, args, options) =>
      slack.call(method, args, {
        ...options,
        onWait: (ms, reason) => log('info', 'slack_waiting', { method, reason, seconds: Math.ceil(ms / 1000) }),
      }),
  };
}

async function readIdentity(slack: SlackPort): Promise<WorkspaceIdentity> {
  const { team_id, team, url } = await slack.call('auth.test');
  return { team_id: stringOf(team_id), team: stringOf(team), url: stringOf(url) };
}

function openDirectory({ name, slack, cacheFile, logger }: WorkspaceOptions): Directory {
  if (cacheFile === undefined) return createDirectory({ slack });
  const { identity } = slack;
  if (identity === undefined) {
    // Names of one workspace must never be taken for those of another.
    logger.warn({ path: cacheFile, reason: 'token_rotates' }, 'slack_directory_not_kept');
    return createDirectory({ slack });
  }
  return createDirectory({ slack, file: openDirectoryFile({ path: fileOf(cacheFile, name), identity, logger }) });
}

/** Each workspace has a file of its own: `names.json` becomes `names.acme.json`. */
function fileOf(path: string, name: string | undefined): string {
  if (name === undefined) return path;
  const { dir, name: base, ext } = parse(path);
  return join(dir, `${base}.${name}${ext}`);
}
