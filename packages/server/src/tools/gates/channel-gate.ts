import type { JsonObject } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import type { Tool } from '../define-tool.ts';
import type { Directory, NameSource } from '../directory/directory.ts';
import { channelOf } from '../directory/read-names.ts';
import { type ChannelFacts, needFacts } from './channel-rules.ts';
import { type GateRules, gate, type Refusal } from './gate.ts';

/** Something that an operator does not allow. */
export class NotAllowedError extends Error {
  readonly code = 'not_allowed';
  /** The setting that forbids it. */
  readonly setting: string;

  constructor({ setting, message }: Refusal) {
    super(message);
    this.name = 'NotAllowedError';
    this.setting = setting;
  }
}

/** What a channel is to be used for. */
export type ChannelUse = Pick<Tool, 'annotations' | 'toolset'>;

/** What `createChannelGate` needs. */
export interface ChannelGateOptions {
  rules: GateRules;
  directory: Directory;
  slack: SlackPort;
  /** The name of the workspace, where workspaces have names. */
  team?: string | undefined;
  /** Milliseconds for which what Slack says of a channel is believed. Default 10 minutes. */
  trustMs?: number;
}

const MOST_KEPT = 10_000;

/**
 * Lets tools have only the channels that they may use: the way to a channel's id is the gate. Slack is asked about a
 * channel only where the rules depend on the answer.
 */
export function createChannelGate(options: ChannelGateOptions): (tool: ChannelUse) => NameSource {
  const { rules, directory, slack, team, trustMs = 10 * 60_000 } = options;
  const asked = new Map<string, { facts: ChannelFacts; at: number }>();

  async function factsOf(id: string, writes: boolean, signal: AbortSignal | undefined): Promise<ChannelFacts> {
    const direct = !/^[CG]/.test(id);
    const checksExternal = rules.external !== 'allow' && !/^[UW]/.test(id);
    if (!checksExternal && !needFacts(writes ? rules.write : rules.read, id)) return { id, team, direct };
    const known = directory.channels.known(id);
    if (known !== undefined)
      return { id, team, name: known.names[0], direct: false, external: known.external === true };
    const remembered = asked.get(id);
    if (remembered !== undefined && performance.now() - remembered.at < trustMs) return remembered.facts;
    const facts = await ask(id, signal);
    if (asked.size >= MOST_KEPT) asked.clear();
    asked.set(id, { facts, at: performance.now() });
    return facts;
  }

  async function ask(id: string, signal: AbortSignal | undefined): Promise<ChannelFacts> {
    const answer = await slack.call('conversations.info', { channel: id }, signal === undefined ? {} : { signal });
    const channel = (answer['channel'] ?? {}) as JsonObject;
    const direct = channel['is_im'] === true || channel['is_mpim'] === true;
    const entry = channelOf(channel);
    return { id, team, name: direct ? undefined : entry?.names[0], direct, external: entry?.external === true };
  }

  return ({ annotations, toolset }) => {
    const writes = !annotations.readOnlyHint;
    return {
      async resolve(reference, { signal } = {}) {
        const id = await directory.channels.resolve(reference, signal === undefined ? {} : { signal });
        const refused = gate(rules, { tool: { writes, toolset }, channel: await factsOf(id, writes, signal) });
        if (refused !== undefined) throw new NotAllowedError(refused);
        return id;
      },
      suggest: (typed) =>
        directory.channels.suggest(typed, ({ id, names, external }) => {
          const channel = { id, team, name: names[0], direct: false, external: external === true };
          return gate(rules, { tool: { writes, toolset }, channel }) === undefined;
        }),
    };
  };
}
