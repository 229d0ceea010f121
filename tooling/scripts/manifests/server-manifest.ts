/** The part of the server's `package.json` that these scripts read. */
export interface ServerManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly engines: { readonly node: string };
  /** The name in the MCP registry. */
  readonly mcpName: string;
}
