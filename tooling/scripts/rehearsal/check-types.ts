import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../run.ts';

/** A worker as users write it, with a misspelled method. */
const WORKER = `
import { createConsumer, type WorkerContext } from '@slack-mcp/consumer';
import { createIntegratedServer } from '@slack-mcp/server';

function startWorker(context: WorkerContext) {
  const bot = createConsumer({ group: 'rehearsal', ...context });
  bot.on('app_mention', async (event, { slack }) => {
    const { ts } = await slack.call('chat.postMessage', { channel: event.channel, text: 'hello' });
    const text: string | undefined = ts;
    // @ts-expect-error - the method is misspelled
    await slack.call('chat.postMesage', { channel: event.channel, text });
    // @ts-expect-error - the argument is misspelled
    await slack.call('chat.postMessage', { chanel: event.channel, text: 'hello' });
  });
  return bot;
}

createIntegratedServer({ token: 'xoxb-rehearsal', signingSecret: 'secret', worker: startWorker });
`;

/**
 * Compiles a worker against the installed packages. Fails if their types are missing, or accept a misspelled method.
 *
 * @param root - of the repository, which has the compiler
 */
export async function checkTypes(folder: string, root: string): Promise<void> {
  await writeFile(join(folder, 'typed-worker.mts'), WORKER);
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'es2024',
    '--lib',
    'es2024,esnext.disposable',
    '--module',
    'nodenext',
  ];
  const types = ['--skipLibCheck', '--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
  await mustRun(join(root, 'node_modules/.bin/tsc'), [...options, ...types, 'typed-worker.mts'], { cwd: folder });
}
