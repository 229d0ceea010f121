import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { InteractionSample, Sample, SampleSet } from './sample-set.ts';

const root = new URL('../../../../shared/slack-samples/', import.meta.url);

const HANDLERS: Readonly<Record<string, InteractionSample['handler']>> = {
  AttachmentActionPayload: 'action',
  BlockActionPayload: 'action',
  DialogCancellationPayload: 'action',
  DialogSubmissionPayload: 'action',
  DialogSuggestionPayload: 'options',
  MessageShortcutPayload: 'shortcut',
  SlashCommandPayload: 'command',
  ViewClosedPayload: 'view closed',
  ViewSubmissionPayload: 'view',
};

/** Payloads published by Slack. `undefined` if they are not next to the repository. Every text in them is empty. */
export function slackSamples(): SampleSet | undefined {
  if (!existsSync(root)) return undefined;
  const interactions = read('interactivity').map(({ name, payload }) => {
    const handler = HANDLERS[name];
    if (handler === undefined) throw new Error(`${name} is a new kind of interaction: add its handler`);
    const fields = Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]));
    return { name, text: JSON.stringify(handler === 'command' ? fields : payload), handler, id: '' };
  });
  const plain = ({ name, payload }: { name: string; payload: object }): Sample => ({
    name,
    text: JSON.stringify(payload),
  });
  const [events, answers] = [read('events').map(plain), read('web-api').map(plain)];
  return { origin: 'Slack', events, interactions, answers };
}

function read(folder: string): { name: string; payload: object }[] {
  const url = new URL(`${folder}/`, root);
  return readdirSync(url)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: file.replace('.json', ''),
      payload: JSON.parse(readFileSync(new URL(file, url), 'utf8')) as object,
    }));
}
