import { parseArgs } from 'node:util';
import { BrokerUnavailableError } from '../broker-unavailable-error.ts';
import { isVersion } from '../version.ts';
import { approaches } from './approaches.ts';
import { type Victims, victimKinds } from './site.ts';
import { type ApproachResult, measureApproach } from './young-quorum-queue.ts';

const usage = `Usage: pnpm experiment young-quorum-queue [--kills n] [--version v] [--victims v]
                                              [--only text] [--json]

  Measures how often a killed RabbitMQ loses a confirmed message in a new quorum queue, and what prevents it.

  --kills n     kills for each approach (default 20)
  --version v   version of RabbitMQ or its beginning (default: the newest)
  --victims v   node (default): one node; leader: the leader's node of three; all: three nodes at once
  --only text   approaches whose names contain it`;

process.exit(await main(process.argv.slice(2).filter((argument) => argument !== '--')));

/** Resolves to the exit code: 0 measured, 1 RabbitMQ is unavailable, 2 wrong use. */
async function main(args: readonly string[]): Promise<number> {
  let options: ReturnType<typeof parse>;
  try {
    options = parse(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    return 2;
  }
  const { kills, version, victims, only, json } = options;
  const chosen = approaches.filter(({ name }) => name.includes(only));
  try {
    for (const approach of chosen) print(await measureApproach(approach, { kills, version, victims }), json);
    return 0;
  } catch (error) {
    if (!(error instanceof BrokerUnavailableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function print(result: ApproachResult, json: boolean): void {
  const { approach, version, victims, kills, lost, unusable, medianMs } = result;
  const line = `${version}  ${victims}  lost ${lost} of ${kills} (${unusable} unusable)  ${`${medianMs} ms`.padStart(8)}  ${approach}`;
  process.stdout.write(`${json ? JSON.stringify(result) : line}\n`);
}

interface Flags {
  readonly kills: number;
  readonly version: string | undefined;
  readonly victims: Victims;
  readonly only: string;
  readonly json: boolean;
}

function parse(args: readonly string[]): Flags {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      kills: { type: 'string', default: '20' },
      version: { type: 'string' },
      victims: { type: 'string', default: 'node' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  });
  const kills = Number(values.kills);
  if (positionals.join() !== 'young-quorum-queue') throw new Error('Name the experiment: young-quorum-queue.');
  if (!Number.isInteger(kills) || kills < 1)
    throw new Error(`--kills is ${JSON.stringify(values.kills)}: expected 20.`);
  if (values.version !== undefined && !isVersion(values.version)) {
    throw new Error(`--version is ${JSON.stringify(values.version)}: expected 4.3 or 4.3.6.`);
  }
  const victims = victimKinds.find((kind) => kind === values.victims);
  if (victims === undefined) {
    throw new Error(`--victims is ${JSON.stringify(values.victims)}: expected ${victimKinds.join(', ')}.`);
  }
  return { kills, version: values.version, victims, only: values.only, json: values.json };
}
