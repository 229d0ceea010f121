import { connectSimulator } from '../control/connect-simulator.ts';

/** The flags of `slack-simulator post`. */
export interface PostFlags {
  readonly to: string;
  readonly thread?: string;
  readonly broadcast?: boolean;
  readonly json?: boolean;
}

/**
 * Posts one message from a person in a running simulator.
 *
 * @returns the line to print, which says where the message was posted
 */
export async function postMessage(user: string, channel: string, text: string, flags: PostFlags): Promise<string> {
  const simulator = connectSimulator(flags.to);
  const posted = await simulator
    .postMessage(user, channel, text, { threadTs: flags.thread, broadcast: flags.broadcast })
    .catch((error: unknown) => {
      const isAway = error instanceof TypeError && error.cause !== undefined;
      throw isAway ? new Error(`no simulator responds at ${flags.to}: start one, or select another with --to`) : error;
    });
  return flags.json
    ? JSON.stringify(posted)
    : `posted to ${posted.channel} at ${posted.ts}, ${posted.eventIds.length} events queued`;
}
