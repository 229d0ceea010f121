/** A payload as compact JSON. */
export interface Sample {
  readonly name: string;
  readonly text: string;
}

/** An interaction or a slash command. A command's text contains its form fields. */
export interface InteractionSample extends Sample {
  /** The kind of handler for it. */
  readonly handler: 'action' | 'command' | 'options' | 'shortcut' | 'view' | 'view closed';
  /** The id or command for which the handler is registered. */
  readonly id: string;
}

/** Payloads of one origin. */
export interface SampleSet {
  readonly origin: string;
  /** `event_callback` envelopes. */
  readonly events: readonly Sample[];
  readonly interactions: readonly InteractionSample[];
  /** Answers of the Web API. */
  readonly answers: readonly Sample[];
}
