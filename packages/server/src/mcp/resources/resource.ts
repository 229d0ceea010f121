import type { SlackPort } from '../../slack/slack-port.ts';

/** A resource, independent of what serves it. */
export interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  /** The content as text. */
  read(context: { slack: SlackPort; signal: AbortSignal }): Promise<string>;
}
