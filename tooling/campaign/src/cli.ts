import { main } from './main.ts';

const exitCode = await main(process.argv.slice(2), {
  print: (text) => new Promise((resolve) => process.stdout.write(`${text}\n`, resolve)),
  progress: (line) => void process.stderr.write(`${line}\n`),
});
// Exit explicitly: Node 24 may wait forever while it frees the handles of reset connections.
process.exit(exitCode);
