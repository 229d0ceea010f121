import { parseArgs } from 'node:util';
import { fuzzIngress } from './ingress/fuzz-ingress.ts';
import { fuzzMcp } from './mcp/fuzz-mcp.ts';
import type { FuzzTarget } from './result.ts';

/** The fuzz targets by name. */
const targets: Readonly<Record<string, FuzzTarget>> = { ingress: fuzzIngress, mcp: fuzzMcp };

const usage = `Usage: pnpm fuzz <name> [--requests n] [--seed s] [--json]

  name         ${Object.keys(targets).join(', ')}
  --requests n number of requests; default: 10000
  --seed s     the same seed repeats the same requests; default: random, and printed
  --json       the result as one line of JSON

Exit codes: 0 every guarantee holds, 1 one is broken, 2 wrong use.`;

process.exitCode = await main(process.argv.slice(2).filter((argument) => argument !== '--'));

async function main(args: readonly string[]): Promise<number> {
  let given: ReturnType<typeof parse>;
  try {
    given = parse(args);
  } catch (error) {
    progress(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (given === undefined) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const { target, json, ...options } = given;
  progress(`fuzz: ${options.requests} requests, seed ${options.seed}`);
  const result = await target({ ...options, progress });
  process.stdout.write(
    json
      ? `${JSON.stringify(result)}\n`
      : `${Object.entries(result)
          .map(([name, value]) => `${name.padEnd(12)}${typeof value === 'object' ? JSON.stringify(value) : value}`)
          .join('\n')}\n`,
  );
  return result.unexpected === 0 ? 0 : 1;
}

function parse(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      requests: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [name, ...rest] = positionals;
  const target = name === undefined || !Object.hasOwn(targets, name) ? undefined : targets[name];
  if (target === undefined || rest.length > 0) {
    throw new Error(`Name one fuzz target: ${Object.keys(targets).join(', ')}.`);
  }
  return {
    target,
    json: values.json,
    requests: wholeNumber('requests', values.requests, 1, 1_000_000_000),
    seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1),
  };
}

function wholeNumber(name: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new Error(`--${name} is ${JSON.stringify(text)}: expected a whole number from ${from} to ${to}.`);
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
