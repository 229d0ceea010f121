import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { HostMessage } from './command-host.ts';

// Runs commands one after another in this process. The file of each command is evaluated with its arguments, its
// environment and its folder. Where it would end the process, a mark with the exit code ends its output.

const inherited = process.env;

// Each run adds its own.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);

process.on('disconnect', process.exit.bind(process, 0));
process.on('message', async ({ file, args, env, cwd, mark }: HostMessage) => {
  const before = process.listeners('exit');
  process.chdir(cwd);
  process.argv = [process.execPath, file, ...args];
  process.env = { ...inherited, ...env };
  const exited = Promise.withResolvers<number>();
  process.exit = ((code: number) => exited.resolve(code)) as unknown as typeof process.exit;
  import(`${pathToFileURL(file).href}?run=${mark.trim()}`).catch(exited.reject);
  const code = await exited.promise;
  for (const listener of process.listeners('exit').filter((each) => !before.includes(each))) {
    process.off('exit', listener);
    listener.call(process, code);
  }
  for (const descriptor of [1, 2]) writeSync(descriptor, `${mark}${code}\n`);
});
