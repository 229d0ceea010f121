/** A payload as it travels: compact JSON. */
export interface Sample {
  readonly name: string;
  readonly text: string;
}

/** An interaction or a slash command. The text of a command is that of its form fields. */
export interface InteractionSample extends Sample {
  /** Which kind of handler takes it. */
  readonly handler: 'action' | 'command' | 'options' | 'shortcut' | 'view' | 'view closed';
  /** The id or command that the handler is registered for. */
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
