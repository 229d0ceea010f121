import { parseArgs } from 'node:util';
import { ATTACKS } from './attacks.ts';
import { hostileSession } from './hostile-session.ts';

const usage = `Usage: pnpm hostile [--seconds n] [--rate n] [--only text] [--json]

  --seconds n  duration of the attacks; default 60
  --rate n     signed events per second during the attacks; default 200
  --only text  only attacks whose names contain this text; default: all of
${Object.keys(ATTACKS)
  .map((name) => `                 ${name}`)
  .join('\n')}
  --json       the result as one line of JSON

Exit codes: 0 every guarantee holds, 1 one is broken, 2 wrong use.`;

process.exitCode = await main(process.argv.slice(2).filter((argument) => argument !== '--'));

async function main(args: readonly string[]): Promise<number> {
  let options: ReturnType<typeof parse>;
  try {
    options = parse(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const result = await hostileSession({ ...options, progress: (line) => process.stderr.write(`hostile: ${line}\n`) });
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, undefined, 2)}\n`);
  return result.broken.length === 0 ? 0 : 1;
}

function parse(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      rate: { type: 'string', default: '200' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const number = (name: 'seconds' | 'rate'): number => {
    const value = Number(values[name]);
    if (/^\d+$/.test(values[name]) && value >= 1 && value <= 100_000) return value;
    throw new Error(`--${name} is ${JSON.stringify(values[name])}: a whole number from 1 to 100000.`);
  };
  return { seconds: number('seconds'), rate: number('rate'), only: values.only, json: values.json };
}
