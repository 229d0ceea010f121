import { builtSamples } from './built-samples.ts';
import type { SampleSet } from './sample-set.ts';
import { slackSamples } from './slack-samples.ts';

export type { InteractionSample, Sample, SampleSet } from './sample-set.ts';

/**
 * Payloads that every part must carry unchanged: those that the simulator builds, and Slack's own where they lie beside
 * the repository.
 */
export async function sampleSets(): Promise<readonly SampleSet[]> {
  const slack = slackSamples();
  return [await builtSamples(), ...(slack === undefined ? [] : [slack])];
}
