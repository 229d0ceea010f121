import { deployFile } from './deploy-folder.ts';

/** How the image starts its process. */
export interface ImageStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Reads the command and the environment of the image from the Dockerfile. */
export function imageStart(): ImageStart {
  const text = deployFile('Dockerfile');
  const stage = text.slice(text.lastIndexOf('\nFROM '));
  const [command, ...args] = JSON.parse(/^CMD (\[.*\])$/m.exec(stage)?.[1] ?? '[]') as string[];
  if (command === undefined) throw new Error('deploy/Dockerfile has no CMD');
  const settings = /^ENV ((?:.*\\\n)*.*)$/m.exec(stage)?.[1] ?? '';
  const env = Object.fromEntries(
    settings
      .split(/\s*\\\n\s*|\s+/)
      .map((setting) => [setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)] as const)
      .filter(([name]) => name !== 'PATH'),
  );
  return { command, args, env };
}
