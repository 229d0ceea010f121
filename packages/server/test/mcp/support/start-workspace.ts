import { createSimulator, type Simulator, type SimulatorOptions } from '@slack-mcp/simulator';
import { createSlackPort, type SlackPortOptions } from '@slack-mcp/slack';
import { type CapturedLog, capturedLog } from '@slack-mcp/test-support';
import { openHost, type TestHost, type TestHostOptions } from '../../support/open-host.ts';

/** The token of the simulated app, which no log may contain. */
export const TOKEN = 'xoxb-simulated-secret-0123456789';

/** The token of a person, for `BOTH_TOKENS`. */
export const USER_TOKEN = 'xoxp-simulated-secret-0123456789';

/** Options for a workspace whose tools have the bot's token and the token of Alice. */
export const BOTH_TOKENS: { simulator: Partial<SimulatorOptions>; slack: Partial<SlackPortOptions> } = {
  simulator: { userToken: USER_TOKEN },
  slack: { token: { bot: TOKEN, user: USER_TOKEN } },
};

/** A simulated workspace with a host that serves it. */
export interface TestWorkspace extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly host: TestHost;
  readonly log: CapturedLog;
}

/** Starts a simulated workspace and a host for it. */
export async function startWorkspace(
  options: {
    simulator?: Partial<SimulatorOptions>;
    host?: Partial<TestHostOptions>;
    slack?: Partial<SlackPortOptions>;
  } = {},
): Promise<TestWorkspace> {
  const simulator = await createSimulator({ signingSecret: 'secret', botToken: TOKEN, ...options.simulator });
  const log = capturedLog();
  const slack = createSlackPort({ token: TOKEN, apiUrl: simulator.url, logger: log, ...options.slack });
  const host = openHost({ slack, logger: log, version: '1.2.3', ...options.host });
  return {
    simulator,
    host,
    log,
    async [Symbol.asyncDispose]() {
      await host.close();
      await simulator.close();
    },
  };
}
