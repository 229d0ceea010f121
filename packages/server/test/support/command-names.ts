/** The commands of the package. */
export const commandNames = [
  'slack-mcp',
  'slack-mcp-server',
  'slack-webhook-server',
  'slack-integrated-server',
] as const;
