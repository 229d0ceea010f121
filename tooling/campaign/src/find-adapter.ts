import { existsSync, readdirSync } from 'node:fs';
import type { CampaignAdapter } from './adapter.ts';

/** Where a backend keeps its adapter. Backends with this file take part. */
const ADAPTER = 'test/campaign-adapter.ts';

const packages = new URL('../../../packages/', import.meta.url);

/** The names of the backends that have an adapter. */
export function campaignBackends(): string[] {
  return readdirSync(packages)
    .filter((folder) => folder.startsWith('backend-') && existsSync(new URL(`${folder}/${ADAPTER}`, packages)))
    .map((folder) => folder.slice('backend-'.length))
    .sort();
}

/** The adapter of a backend of {@link campaignBackends}. */
export async function loadAdapter(name: string): Promise<CampaignAdapter> {
  const url = new URL(`backend-${name}/${ADAPTER}`, packages).href;
  const module = (await import(/* @vite-ignore */ url)) as { createCampaignAdapter(): CampaignAdapter };
  return module.createCampaignAdapter();
}
