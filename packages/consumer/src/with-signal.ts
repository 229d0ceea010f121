import { type SlackClient, typedCall } from '@slack-mcp/slack';

/** Returns a client whose calls end when `signal` is aborted, unless they have their own signal. */
export function withSignal(client: SlackClient, signal: AbortSignal): SlackClient {
  const request: SlackClient['request'] = (method, args, options) =>
    client.request(method, args, { signal, ...options });
  return {
    call: typedCall(request),
    request,
    respond: (url, message, options) => client.respond(url, message, { signal, ...options }),
    forTeam: (team) => withSignal(client.forTeam(team), signal),
  };
}
