import { type SlackClient, type TeamIds, typedCall } from './slack-client.ts';
import { SlackTokenMissingError } from './slack-error.ts';

/**
 * Combines the clients of several workspaces into one client. Its own calls go to the first workspace; `forTeam`
 * returns the client of an event's workspace. The first call for an event identifies the workspaces with `auth.test`.
 *
 * @param workspaces - the clients, by the names that you give the workspaces
 */
export function createClientsByTeam(workspaces: ReadonlyMap<string, SlackClient>): SlackClient {
  const clients = [...workspaces.values()];
  const [main] = clients;
  if (main === undefined)
    throw new TypeError(
      'the map of workspaces is empty: pass at least one client (for example new Map([["acme", client]]))',
    );
  if (clients.length === 1) return main;
  return byTeam(main, clients);
}

function byTeam(main: SlackClient, clients: readonly SlackClient[]): SlackClient {
  const known = new Map<SlackClient, Promise<ReadonlySet<string>>>();

  /** Returns the ids of a client's workspace. If the request fails, the next event repeats it. */
  function idsOf(client: SlackClient): Promise<ReadonlySet<string>> {
    const asked = known.get(client) ?? readIds(client);
    known.set(client, asked);
    asked.catch(() => known.delete(client));
    return asked;
  }

  async function find({ teamId, enterpriseId }: TeamIds, method: string): Promise<SlackClient> {
    const asked = await Promise.allSettled(clients.map(idsOf));
    for (const id of [teamId, enterpriseId]) {
      const index = asked.findIndex((outcome) => {
        return id !== undefined && outcome.status === 'fulfilled' && outcome.value.has(id);
      });
      const found = clients[index];
      if (found !== undefined) return found.forTeam({ teamId, enterpriseId });
    }
    // The team may be a workspace whose ids could not be read.
    for (const outcome of asked) if (outcome.status === 'rejected') throw outcome.reason;
    throw new SlackTokenMissingError(method, { team: teamId ?? enterpriseId ?? '' });
  }

  function forTeam(team: TeamIds): SlackClient {
    if (team.teamId === undefined && team.enterpriseId === undefined) return main;
    let found: Promise<SlackClient> | undefined;
    const client = (method: string): Promise<SlackClient> => {
      found ??= find(team, method);
      found.catch(() => {
        found = undefined;
      });
      return found;
    };
    const request: SlackClient['request'] = async (method, ...rest) => (await client(method)).request(method, ...rest);
    return { call: typedCall(request), request, respond: main.respond, forTeam };
  }

  return { ...main, forTeam };
}

async function readIds(client: SlackClient): Promise<ReadonlySet<string>> {
  const { team_id, enterprise_id } = await client.call('auth.test');
  return new Set([team_id, enterprise_id].filter((id) => id !== undefined));
}
