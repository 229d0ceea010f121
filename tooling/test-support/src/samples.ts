import { existsSync, readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../../../shared/slack-samples/', import.meta.url);

/** Whether Slack's payload samples lie beside the repository. */
export const hasSamples: boolean = existsSync(root);

export interface Sample {
  readonly name: string;
  readonly text: string;
}

/** The samples of a folder (`events`, `interactivity`), compact as Slack sends them. */
export function samples(folder: string): Sample[] {
  if (!hasSamples) return [];
  const url = new URL(`${folder}/`, root);
  return readdirSync(url)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: file.replace('.json', ''),
      text: JSON.stringify(JSON.parse(readFileSync(new URL(file, url), 'utf8'))),
    }));
}
