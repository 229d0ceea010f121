import { packageManager, run } from '../run.ts';

/** A known vulnerability of a package in the lockfile. */
export interface Advisory {
  readonly severity: string;
  readonly packageName: string;
  readonly title: string;
  readonly url: string;
}

/** The result of an audit: `unanswered` if the registry has no audits or did not answer. */
export type Audit =
  | { readonly status: 'answered'; readonly advisories: readonly Advisory[] }
  | { readonly status: 'unanswered'; readonly reason: string };

interface Report {
  readonly advisories?: Readonly<Record<string, Partial<Record<string, string>>>>;
}

/**
 * Asks the registry for known vulnerabilities of the packages in the lockfile. Includes development dependencies, because
 * published builds contain some of them.
 *
 * @throws Error - the package manager failed for another reason than its registry
 */
export async function auditLockfile(root: string, options: { readonly registry?: string } = {}): Promise<Audit> {
  const { command, args } = packageManager();
  // As an argument of pnpm, because a variable would also apply to the command that starts pnpm.
  const registry = options.registry === undefined ? [] : [`--registry=${options.registry}`];
  const { output } = await run(command, [...args, ...registry, 'audit', '--json'], { cwd: root, quiet: true });
  const report = parse(output);
  if (report !== undefined) return { status: 'answered', advisories: advisoriesOf(report) };
  const reason =
    /ERR_PNPM_AUDIT_\w+[\s\S]*|ERR_PNPM_META_FETCH_FAIL[\s\S]*|E(?:CONNREFUSED|NOTFOUND|TIMEDOUT)\b.*/.exec(
      output,
    )?.[0];
  if (reason === undefined) throw new Error(`pnpm audit failed\n${output}`);
  return { status: 'unanswered', reason: /responded with \d+/.exec(reason)?.[0] ?? (reason.split('\n')[0] as string) };
}

/** The report in the output. `undefined` for an error, which may contain another JSON text. */
function parse(output: string): Report | undefined {
  const start = output.indexOf('{');
  try {
    const report = start === -1 ? undefined : (JSON.parse(output.slice(start)) as Report);
    return report?.advisories === undefined ? undefined : report;
  } catch {
    return undefined;
  }
}

function advisoriesOf({ advisories = {} }: Report): Advisory[] {
  return Object.values(advisories).map(({ severity = '', module_name = '', title = '', url = '' }) => ({
    severity,
    packageName: module_name,
    title,
    url,
  }));
}
