import { homedir } from 'node:os';
import { join } from 'node:path';
import { findExecutable } from '@slack-mcp/brokers';

/** The folder of tools that are installed once for all checkouts. */
const TOOLS = join(homedir(), '.cache', 'slack-mcp', 'tools');

/** How to install Helm. */
export const HELM_REMEDY =
  'install Helm, or run GOBIN=~/.cache/slack-mcp/tools go install helm.sh/helm/v3/cmd/helm@v3.18.4';

/** The path of Helm, if it is installed. */
export function findHelm(): string | undefined {
  return findExecutable('helm', [TOOLS]);
}
