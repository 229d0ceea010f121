import { main } from './main.ts';

process.exitCode = await main(process.argv.slice(2), {
  print: (text) => void process.stdout.write(`${text}\n`),
  progress: (line) => void process.stderr.write(`${line}\n`),
});
