import type { SlackPort } from '@slack-mcp/slack';
import type { Caller } from '../caller.ts';
import { TeamError } from './team-error.ts';
import type { Workspace } from './workspace.ts';

/** One workspace, or several by the names that their operator gave them. */
export type SlackPorts = SlackPort | ReadonlyMap<string, SlackPort>;

/** Where a call comes from and where it is to go. */
export interface CallOrigin {
  /** The workspace, as the client named it: its name here, or Slack's id of it. */
  readonly team?: string | undefined;
  /** Who calls; undefined where nobody has to say. */
  readonly caller?: Caller | undefined;
  /** Ends the waiting for his Slack token. */
  readonly signal?: AbortSignal | undefined;
}

/** Answers the one question of which workspace a call is for. */
export interface Workspaces {
  /** What may be given as `team`; empty where there is one workspace, and nothing to give. */
  readonly names: readonly string[];
  /** @throws TeamError - no name where there are several, or one that is unknown */
  of(origin: CallOrigin): Workspace | Promise<Workspace>;
  close(): void;
}

/** The names that there are, one too. */
export function workspaceNames(slack: SlackPorts): readonly string[] {
  return isMap(slack) ? [...slack.keys()] : [];
}

const TEAM_ID = /^[TE][A-Z0-9]{5,}$/;

/** Opens each workspace, which calls nobody. */
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
    // One whose token does not work must not stand in the way of the others.
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
