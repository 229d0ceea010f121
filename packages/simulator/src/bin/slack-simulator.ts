#!/usr/bin/env node
import { CommanderError, Option, program } from 'commander';
import { createSimulator } from '../create-simulator.ts';
import { InvalidOptionError } from '../simulator-options.ts';

const DEFAULT_PORT = 4010;

program
  .name('slack-simulator')
  .description('Simulates a Slack workspace: Web API, signed events with retries, and a control API to drive it.')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <number>', 'port to listen on; 0: any free port', String(DEFAULT_PORT))
  .addOption(new Option('--signing-secret <secret>', 'signs what is sent to the app').env('SLACK_SIGNING_SECRET'))
  .addOption(new Option('--bot-token <token>', 'token the Web API accepts').env('SLACK_BOT_TOKEN'))
  .addOption(new Option('--app-token <token>', 'token that Socket Mode accepts').env('SLACK_APP_TOKEN'))
  .option('--socket-mode', 'send everything over Socket Mode in place of the URLs')
  .option('--events-url <url>', 'where events are posted')
  .option('--interactivity-url <url>', 'where block actions, shortcuts and views are posted')
  .option('--commands-url <url>', 'where slash commands are posted')
  .option('--verify', 'perform the url_verification handshake with the events URL first')
  .option('--time-scale <factor>', "how much faster than real time the workspace's clock runs", '1')
  .addOption(new Option('--rate-limits <mode>', "'slack' limits each method by its tier").default('off'))
  .option('--json', 'print one line of JSON when it is up')
  .exitOverride();

/** Ends the command: 2 for wrong use, 1 for anything else. */
function quit(message: string, code: 1 | 2): never {
  console.error(`slack-simulator: ${message}`);
  process.exit(code);
}

try {
  program.parse();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  throw error;
}

const options = program.opts<
  Record<string, string | undefined> & { verify?: boolean; json?: boolean; socketMode?: boolean }
>();
if (!options.signingSecret) {
  quit(
    '--signing-secret is missing: give it, or set SLACK_SIGNING_SECRET, such as 8f742231b10e8888abcd99yyyzzz85a5',
    2,
  );
}

try {
  const simulator = await createSimulator({
    // Several secrets are accepted while one is being rotated; Slack signs with the first.
    signingSecret: options.signingSecret.split(',')[0]?.trim() ?? '',
    botToken: options.botToken,
    appToken: options.appToken,
    socketMode: options.socketMode,
    host: options.host,
    port: Number(options.port),
    eventsUrl: options.eventsUrl,
    interactivityUrl: options.interactivityUrl,
    commandsUrl: options.commandsUrl,
    verify: options.verify,
    timeScale: Number(options.timeScale),
    rateLimits: options.rateLimits as 'off' | 'slack',
  });
  // Before anyone is told that it is up, so that a signal finds it ready to end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
  const control = new URL('/control', simulator.url).href;
  const events = options.eventsUrl ?? null;
  console.log(
    options.json
      ? JSON.stringify({ url: simulator.url, control, eventsUrl: events })
      : `Slack simulator is up: Web API ${simulator.url}, control ${control}, events ${events ? `to ${events}` : 'go nowhere yet'}`,
  );
} catch (error) {
  if (error instanceof InvalidOptionError) {
    quit(`--${error.option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${error.requirement}`, 2);
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    quit(`port ${options.port} on ${options.host} is taken: choose another --port, or 0 for any`, 1);
  quit(error instanceof Error ? error.message : String(error), 1);
}
