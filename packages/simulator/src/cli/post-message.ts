import { connectSimulator } from '../control/connect-simulator.ts';

/** The flags of `slack-simulator post`. */
export interface PostFlags {
  readonly to: string;
  readonly thread?: string;
  readonly broadcast?: boolean;
  readonly json?: boolean;
}

/**
 * Lets a person of a running simulator write one message.
 *
 * @returns the line that says where it was posted
 */
export async function postMessage(user: string, channel: string, text: string, flags: PostFlags): Promise<string> {
  const simulator = connectSimulator(flags.to);
  const posted = await simulator
    .postMessage(user, channel, text, { threadTs: flags.thread, broadcast: flags.broadcast })
    .catch((error: unknown) => {
      const isAway = error instanceof TypeError && error.cause !== undefined;
      throw isAway ? new Error(`no simulator answers at ${flags.to}: start one, or name another with --to`) : error;
    });
  return flags.json
    ? JSON.stringify(posted)
    : `posted to ${posted.channel} at ${posted.ts}, ${posted.eventIds.length} events on their way`;
}
