import type { ServerVar } from '../../../packages/server/src/config/server-var.ts';
import type { ServerManifest } from './server-manifest.ts';

/**
 * The server's entry in the MCP registry, `server.json`.
 *
 * @param variables - the variables that a client may set for a server that it starts
 */
export function renderServerJson(manifest: ServerManifest, variables: readonly ServerVar[]): string {
  const entry = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: manifest.mcpName,
    title: 'Slack',
    description: manifest.description,
    version: manifest.version,
    packages: [
      {
        registryType: 'npm',
        identifier: manifest.name,
        version: manifest.version,
        runtimeHint: 'npx',
        // Outside the folder that is open in the client, because npx would run its code.
        runtimeArguments: [
          { type: 'positional', value: '-y' },
          { type: 'named', name: '--prefix', value: '/' },
        ],
        transport: { type: 'stdio' },
        environmentVariables: variables.map(({ name, description, default: value, secret = false }) => ({
          name,
          description,
          ...(value === undefined ? {} : { default: value }),
          isRequired: false,
          isSecret: secret,
        })),
      },
    ],
  };
  return `${JSON.stringify(entry, undefined, 2)}\n`;
}
