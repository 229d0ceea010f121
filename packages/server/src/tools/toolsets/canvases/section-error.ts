import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from '../../explained-error.ts';

/** Thrown if a text is in no section of a canvas, or in several. */
export class SectionError extends Error implements ExplainedError {
  readonly code = 'unknown_section';
  readonly nextStep: string;
  readonly details: JsonObject;
  readonly changedNothing = true;

  /** @param ids - the ids of the sections that contain the text */
  constructor(ids: readonly string[]) {
    super(
      ids.length === 0 ? 'No section of the canvas contains this text.' : `${ids.length} sections contain this text.`,
    );
    this.name = 'SectionError';
    this.nextStep =
      ids.length === 0
        ? 'Read the canvas with slack_read_file, and pass a text from one line of it.'
        : 'Nothing was changed. Pass a longer text that only one section contains.';
    this.details = { sections: ids.slice(0, 20) };
  }
}
