import type { SlackPort } from '@slack-mcp/slack';
import type { Caller } from '../caller.ts';
import { TeamError } from './team-error.ts';
import type { Workspace } from './workspace.ts';

/** The Slack client of a single workspace, or the clients of several workspaces by name. */
export type SlackPorts = SlackPort | ReadonlyMap<string, SlackPort>;

/** The caller of a tool or resource, and the workspace that the call is for. */
export interface CallOrigin {
  /** The value of `team` that the client sent: a configured name, or Slack's ID of the workspace. */
  readonly team?: string | undefined;
  /** The caller. Undefined without authentication. */
  readonly caller?: Caller | undefined;
  /** A signal that stops waiting for the caller's Slack token. */
  readonly signal?: AbortSignal | undefined;
}

/** Selects the workspace of a call. */
export interface Workspaces {
  /**
   * The configured names, which are allowed as `team`. The list is empty if the server uses only one workspace; callers
   * then pass no `team`.
   */
  readonly names: readonly string[];
  /** @throws TeamError - the server uses several workspaces, and `team` is missing or unknown */
  of(origin: CallOrigin): Workspace | Promise<Workspace>;
  close(): void;
}

/** Returns the configured names of all workspaces, even if only one workspace has a name. */
export function workspaceNames(slack: SlackPorts): readonly string[] {
  return isMap(slack) ? [...slack.keys()] : [];
}

/** The ports of all workspaces. */
export function portsOf(slack: SlackPorts): readonly SlackPort[] {
  return isMap(slack) ? [...slack.values()] : [slack];
}

const TEAM_ID = /^[TE][A-Z0-9]{5,}$/;

/** Opens every workspace, without any calls to Slack. */
export function openWorkspaces(
  slack: SlackPorts,
  open: (slack: SlackPort, name: string | undefined) => Workspace,
): Workspaces {
  const byName = new Map(
    isMap(slack) ? [...slack].map(([name, port]) => [name, open(port, name)]) : [['', open(slack, undefined)]],
  );
  const all = [...byName.values()];
  const [only] = all;
  const names = all.length > 1 ? [...byName.keys()] : [];

  async function byId(id: string): Promise<Workspace> {
    // A workspace whose token does not work must not block the others.
    const ids = await Promise.all(
      all.map((workspace) =>
        workspace.identify().then(
          ({ team_id }) => team_id,
          () => '',
        ),
      ),
    );
    const found = all[ids.indexOf(id)];
    if (found === undefined) throw new TeamError(id, names);
    return found;
  }

  return {
    names,
    of({ team }) {
      if (names.length === 0 && only !== undefined) return only;
      const wanted = team?.trim() ?? '';
      const named = byName.get(wanted.toLowerCase());
      if (named !== undefined) return named;
      if (TEAM_ID.test(wanted)) return byId(wanted);
      throw new TeamError(team, names);
    },
    close() {
      for (const workspace of all) workspace.close();
    },
  };
}

function isMap(slack: SlackPorts): slack is ReadonlyMap<string, SlackPort> {
  return slack instanceof Map;
}
