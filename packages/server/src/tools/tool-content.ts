/** A text for the model. */
export interface TextContent {
  type: 'text';
  text: string;
}

/** An image for the model. */
export interface ImageContent {
  type: 'image';
  /** The bytes as base64. */
  data: string;
  mimeType: string;
  text?: never;
}

/** A link to content that the answer does not contain. */
export interface ResourceLink {
  type: 'resource_link';
  uri: string;
  name: string;
  mimeType?: string;
  text?: never;
}

/** One item of the content of a result, in MCP's format. */
export type ToolContent = TextContent | ImageContent | ResourceLink;

/** The output of a tool together with content that cannot be part of the output. */
export class OutputWithContent<Output> {
  readonly output: Output;
  readonly content: readonly (ImageContent | ResourceLink)[];

  constructor(output: Output, content: readonly (ImageContent | ResourceLink)[]) {
    this.output = output;
    this.content = content;
  }
}
