import { join, parse } from 'node:path';
import type { IdempotencyStore, Logger } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import type { AnswerFormat } from '../answers/answer-format.ts';
import type { CallReports } from '../call-reports.ts';
import type { AskPerson } from '../confirm.ts';
import { createDirectory, type Directory } from '../directory/directory.ts';
import { openDirectoryFile } from '../directory/directory-file.ts';
import { type ChannelUse, createChannelGate } from '../gates/channel-gate.ts';
import type { GateRules } from '../gates/gate.ts';
import { gateSlack } from '../gates/gated-slack.ts';
import { Idempotency } from '../gates/idempotency/idempotency.ts';
import { stringOf } from '../messages/json-fields.ts';
import type { ToolContext } from '../tool-context.ts';

/** One Slack workspace as tools use it, with its own limits, names, channel gate and idempotency keys. */
export interface Workspace {
  /** The operator's name for the workspace; absent if the server uses only one workspace. */
  readonly name?: string | undefined;
  /**
   * Returns Slack's identity for the workspace. Slack is asked only once.
   *
   * @throws SlackError
   */
  identify(): Promise<WorkspaceIdentity>;
  /** Creates the context for one tool call or one read of a resource. */
  contextFor(use: ChannelUse, call: CallContext): ToolContext;
  /** Loads names in the background. */
  warm(): void;
  close(): void;
}

/** Data that belongs to one call. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** Receives progress and log messages; by default, the messages are dropped. */
  readonly reports?: CallReports | undefined;
  /** Asks the person who uses the client; by default, the client cannot ask. */
  readonly ask?: AskPerson | undefined;
  /**
   * The caller's ID, which separates its idempotency keys from those of other callers; undefined without
   * authentication.
   */
  readonly caller?: string | undefined;
  /** The form of the answer. Default: `json`. */
  readonly format?: AnswerFormat;
}

/** Slack's identity for a workspace. */
export interface WorkspaceIdentity {
  /** Slack's ID of the workspace. */
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
  uploadFolders: readonly string[];
  idempotencyStore: IdempotencyStore;
  cacheFile: string | undefined;
  logger: Logger;
}

/** Opens a workspace. Makes no calls to Slack. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { name, slack, rules, allowBroadcast, uploadFolders, idempotencyStore, logger } = options;
  const directory = openDirectory(options);
  const channelsFor = createChannelGate({ rules, directory, slack, team: name });
  const idempotency = new Idempotency(idempotencyStore, { scope: slack.identity ?? name ?? '', logger });
  const posting = { allowBroadcast, idempotency };
  let identity: Promise<WorkspaceIdentity> | undefined;
  return {
    name,
    identify() {
      identity ??= readIdentity(slack).catch((error: unknown) => {
        identity = undefined;
        throw error;
      });
      return identity;
    },
    contextFor: (use, { signal, reports, ask, caller, format = 'json' }) => ({
      slack: gateSlack(slack, reports?.log),
      channels: channelsFor(use),
      channelsFor,
      users: directory.users,
      userGroups: directory.userGroups,
      emoji: directory.emoji,
      posting: { ...posting, caller },
      uploadFolders,
      ask,
      format,
      signal,
      progress: reports?.progress ?? (() => {}),
      logger,
    }),
    warm: () => directory.warm(),
    close: () => directory.close(),
  };
}

async function readIdentity(slack: SlackPort): Promise<WorkspaceIdentity> {
  const { team_id, team, url } = await slack.call('auth.test');
  return { team_id: slack.teamId ?? stringOf(team_id), team: stringOf(team), url: stringOf(url) };
}

function openDirectory({ name, slack, cacheFile, logger }: WorkspaceOptions): Directory {
  if (cacheFile === undefined) return createDirectory({ slack });
  const { identity } = slack;
  if (identity === undefined) {
    // Without a stable identity, names of another workspace could be read from the file.
    logger.warn({ path: cacheFile, reason: 'token_rotates' }, 'slack_directory_not_kept');
    return createDirectory({ slack });
  }
  return createDirectory({ slack, file: openDirectoryFile({ path: fileOf(cacheFile, name), identity, logger }) });
}

/**
 * Returns the path of a workspace's own cache file. For the workspace `acme`, `names.json` becomes `names.acme.json`.
 */
function fileOf(path: string, name: string | undefined): string {
  if (name === undefined) return path;
  const { dir, name: base, ext } = parse(path);
  return join(dir, `${base}.${name}${ext}`);
}
