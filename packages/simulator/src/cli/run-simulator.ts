import { createSimulator } from '../create-simulator.ts';
import type { SlackBehavior } from '../slack-behavior.ts';

/** The flags of `slack-simulator`, as parsed by commander. */
export interface SimulatorFlags {
  readonly host: string;
  readonly port: string;
  readonly signingSecret?: string;
  readonly botToken?: string;
  readonly userToken?: string;
  readonly appToken?: string;
  readonly socketMode?: boolean;
  readonly eventsUrl?: string;
  readonly interactivityUrl?: string;
  readonly commandsUrl?: string;
  readonly verify?: boolean;
  readonly timeScale: string;
  readonly rateLimits: string;
  readonly behavior: readonly string[];
  readonly orgToken?: boolean;
  readonly json?: boolean;
}

/**
 * Starts a simulator that stops on SIGINT or SIGTERM.
 *
 * @returns the line to print, which says where the simulator listens
 */
export async function runSimulator(flags: SimulatorFlags, signingSecret: string): Promise<string> {
  const simulator = await createSimulator({
    signingSecret,
    botToken: flags.botToken,
    userToken: flags.userToken,
    appToken: flags.appToken,
    socketMode: flags.socketMode,
    host: flags.host,
    port: Number(flags.port),
    eventsUrl: flags.eventsUrl,
    interactivityUrl: flags.interactivityUrl,
    commandsUrl: flags.commandsUrl,
    verify: flags.verify,
    timeScale: Number(flags.timeScale),
    rateLimits: flags.rateLimits as 'off' | 'slack',
    behavior: behaviorOf(flags.behavior),
    orgToken: flags.orgToken,
  });
  // Registered before the address is printed, so that a signal stops it from then on.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
  const control = new URL('/control', simulator.url).href;
  const events = flags.eventsUrl ?? null;
  return flags.json
    ? JSON.stringify({ url: simulator.url, control, eventsUrl: events })
    : `Slack simulator is running: Web API ${simulator.url}, control ${control}, events ${events ? `to ${events}` : 'are not posted yet'}`;
}

/** Parses `name=value` pairs of `--behavior`. The simulator itself validates the names and values. */
function behaviorOf(pairs: readonly string[]): Partial<SlackBehavior> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name, value === 'true' ? true : value === 'false' ? false : value];
    }),
  );
}
