import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from '../explained-error.ts';
import type { Refusal } from './gate.ts';

/** Thrown if the operator does not allow this use of a channel. */
export class NotAllowedError extends Error implements ExplainedError {
  readonly code = 'not_allowed';
  readonly nextStep = 'Use another channel, or ask the operator of this server to change the setting.';
  /** The setting that forbids the use. */
  readonly setting: string;

  constructor({ setting, message }: Refusal) {
    super(message);
    this.name = 'NotAllowedError';
    this.setting = setting;
  }

  get details(): JsonObject {
    return { setting: this.setting };
  }
}
