import type { SlackPort } from '../../slack/slack-port.ts';
import { TeamError } from './team-error.ts';
import type { Workspace } from './workspace.ts';

/** One workspace, or several by the names that their operator gave them. */
export type SlackPorts = SlackPort | ReadonlyMap<string, SlackPort>;

/** Where a call comes from and where it is to go. */
export interface CallOrigin {
  /** The workspace, as the client named it. */
  readonly team?: string | undefined;
  /** Who calls, as the access guard names callers; undefined where nobody has to say. */
  readonly caller?: string | undefined;
}

/** Answers the one question of which workspace a call is for. */
export interface Workspaces {
  /** What may be given as `team`; empty where there is one workspace, and nothing to give. */
  readonly names: readonly string[];
  /** @throws TeamError - no name where there are several, or one that is unknown */
  of(origin: CallOrigin): Workspace | Promise<Workspace>;
  close(): void;
}

/** Opens each workspace, which calls nobody. */
export function openWorkspaces(
  slack: SlackPorts,
  open: (slack: SlackPort, name: string | undefined) => Workspace,
): Workspaces {
  if (!isMap(slack)) {
    const workspace = open(slack, undefined);
    return { names: [], of: () => workspace, close: () => workspace.close() };
  }
  const byName = new Map([...slack].map(([name, port]) => [name, open(port, name)]));
  const names = [...byName.keys()];
  return {
    names,
    of({ team }) {
      const workspace = team === undefined ? undefined : byName.get(team.trim().toLowerCase());
      if (workspace === undefined) throw new TeamError(team, names);
      return workspace;
    },
    close() {
      for (const workspace of byName.values()) workspace.close();
    },
  };
}

function isMap(slack: SlackPorts): slack is ReadonlyMap<string, SlackPort> {
  return slack instanceof Map;
}
