import type { SlackPort } from '@slack-mcp/slack';
import type { Caller } from '../caller.ts';
import { TeamError } from './team-error.ts';
import type { Workspace } from './workspace.ts';

/** One workspace, or several by the names that the operator gave them. */
export type SlackPorts = SlackPort | ReadonlyMap<string, SlackPort>;

/** Who makes a call, and which workspace it is for. */
export interface CallOrigin {
  /** The value that the client sent: the configured name, or Slack's ID of the workspace. */
  readonly team?: string | undefined;
  /** The caller. Undefined without authentication. */
  readonly caller?: Caller | undefined;
  /** Cancels waiting for the caller's Slack token. */
  readonly signal?: AbortSignal | undefined;
}

/** Selects the workspace of a call. */
export interface Workspaces {
  /** The values allowed for `team`. Empty if there is only one workspace. In that case, callers pass no `team`. */
  readonly names: readonly string[];
  /** @throws TeamError - there are several workspaces and the name is missing or unknown */
  of(origin: CallOrigin): Workspace | Promise<Workspace>;
  close(): void;
}

/** The configured names, even if there is only one. */
export function workspaceNames(slack: SlackPorts): readonly string[] {
  return isMap(slack) ? [...slack.keys()] : [];
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
