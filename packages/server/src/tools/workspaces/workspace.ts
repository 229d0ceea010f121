import { join, parse } from 'node:path';
import type { Logger } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import type { CallReports } from '../call-reports.ts';
import { createDirectory, type Directory } from '../directory/directory.ts';
import { openDirectoryFile } from '../directory/directory-file.ts';
import { type ChannelUse, createChannelGate } from '../gates/channel-gate.ts';
import type { GateRules } from '../gates/gate.ts';
import { gateSlack } from '../gates/gated-slack.ts';
import { Idempotency } from '../gates/idempotency/idempotency.ts';
import type { IdempotencyStore } from '../gates/idempotency/idempotency-store.ts';
import { stringOf } from '../messages/json-fields.ts';
import type { ToolContext } from '../tool-context.ts';

/** One Slack workspace as tools use it: its limits, names, gate and keys are its own. */
export interface Workspace {
  /** What its operator calls it. Absent where it is the only one. */
  readonly name?: string | undefined;
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
  /** Default: reports nothing. */
  readonly reports?: CallReports | undefined;
  /** The id of the caller, whose idempotency keys are its own; undefined without authorization. */
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
    identify() {
      identity ??= readIdentity(slack).catch((error: unknown) => {
        identity = undefined;
        throw error;
      });
      return identity;
    },
    contextFor: (use, { signal, reports, caller }) => ({
      slack: gateSlack(slack, reports?.log),
      channels: channelsFor(use),
      users: directory.users,
      emoji: directory.emoji,
      posting: { ...posting, caller },
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
