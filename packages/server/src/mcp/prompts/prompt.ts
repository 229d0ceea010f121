/** One argument of a prompt: a string that may be left out. */
export interface PromptArgument {
  readonly name: string;
  readonly description: string;
}

/** A prompt, independent of what serves it. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** The tool it is about; the prompt is offered when the tool is. */
  readonly tool: string;
  /** The text of the user's message. */
  render(args: Readonly<Record<string, string>>): string;
}
