#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { type PostFlags, postMessage } from '../cli/post-message.ts';
import { runSimulator, type SimulatorFlags } from '../cli/run-simulator.ts';
import { InvalidOptionError } from '../simulator-options.ts';

const DEFAULT_PORT = 4010;

const program: Command = new Command();

program
  .name('slack-simulator')
  .description('Simulates a Slack workspace: Web API, signed events with retries, and a control API to drive it.')
  .usage('[options] | post <user> <channel> <text>')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <number>', 'port to listen on; 0: any free port', String(DEFAULT_PORT))
  .addOption(new Option('--signing-secret <secret>', 'signs requests to the app').env('SLACK_SIGNING_SECRET'))
  .addOption(new Option('--bot-token <token>', 'token that the Web API accepts').env('SLACK_BOT_TOKEN'))
  .addOption(
    new Option('--user-token <token>', 'token of a person, Alice, that it accepts too').env('SLACK_USER_TOKEN'),
  )
  .addOption(new Option('--app-token <token>', 'token that Socket Mode accepts').env('SLACK_APP_TOKEN'))
  .option('--socket-mode', 'send everything over Socket Mode instead of to the URLs')
  .option('--events-url <url>', 'where to post events')
  .option('--interactivity-url <url>', 'where to post block actions, shortcuts and views')
  .option('--commands-url <url>', 'where to post slash commands')
  .option('--verify', 'perform the url_verification handshake with the events URL first')
  .option('--time-scale <factor>', "how much faster than real time the workspace's clock runs", '1')
  .addOption(new Option('--rate-limits <mode>', "'slack' limits each method by its tier").default('off'))
  .option(
    '--behavior <name=value>',
    'select a variant where reports of Slack differ, such as longText=refuse; may be repeated',
    (pair: string, pairs: string[]) => [...pairs, pair],
    [] as string[],
  )
  .option('--org-token', "make the bot token an organization's token, so that calls of list methods must pass team_id")
  .option('--json', 'print one line of JSON when it has started')
  .enablePositionalOptions()
  .allowExcessArguments(false)
  .exitOverride()
  .action((flags: SimulatorFlags) => start(flags));

program
  .command('post <user> <channel> <text>')
  .description('Posts one message from a person in a running simulator: slack-simulator post alice general Hello')
  .option('--to <url>', 'where the simulator listens', `http://127.0.0.1:${DEFAULT_PORT}`)
  .option('--thread <ts>', 'reply in the thread of this message')
  .option('--broadcast', 'also show the reply in the channel')
  .option('--json', 'print one line of JSON')
  .exitOverride()
  .action(async (user: string, channel: string, text: string, flags: PostFlags) => {
    console.log(await postMessage(user, channel, text, flags));
  });

async function start(flags: SimulatorFlags): Promise<void> {
  // Several secrets are accepted during rotation; Slack signs with the first.
  const secret = flags.signingSecret?.split(',')[0]?.trim();
  if (!secret) {
    return quit(
      '--signing-secret is missing: pass it or set SLACK_SIGNING_SECRET, such as 8f742231b10e8888abcd99yyyzzz85a5',
      2,
    );
  }
  try {
    console.log(await runSimulator(flags, secret));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRINUSE') throw error;
    quit(`port ${flags.port} on ${flags.host} is in use: choose another --port, or 0 for any free port`, 1);
  }
}

/** Ends the command with exit code 2 for incorrect usage, or 1 for any other error. */
function quit(message: string, code: 1 | 2): never {
  console.error(`slack-simulator: ${message}`);
  process.exit(code);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  else if (error instanceof InvalidOptionError) {
    quit(`--${error.option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${error.requirement}`, 2);
  } else quit(error instanceof Error ? error.message : String(error), 1);
}
