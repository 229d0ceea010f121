import { builtSamples } from './built-samples.ts';
import type { SampleSet } from './sample-set.ts';
import { slackSamples } from './slack-samples.ts';

export type { InteractionSample, Sample, SampleSet } from './sample-set.ts';

/**
 * Payloads that every component must pass on unchanged: those of the simulator, and Slack's own if they are next to the
 * repository.
 */
export async function sampleSets(): Promise<readonly SampleSet[]> {
  const slack = slackSamples();
  return [await builtSamples(), ...(slack === undefined ? [] : [slack])];
}
