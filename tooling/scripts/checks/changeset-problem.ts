const CHANGESET = /^---\n(?<changes>[\s\S]*?)^---\n(?<summary>[\s\S]*)/m;
/** `pnpm changeset` writes double quotes. */
const CHANGE = /^(?<quote>['"])(?<name>[^'"]+)\k<quote>: (?:major|minor|patch)$/;

const EXAMPLE = "for example '@slack-mcp/core': patch";

/**
 * What is wrong with the text of a changeset. A changeset without packages and text is valid: it says that a change needs
 * no release, and `pnpm changeset add --empty` writes it.
 *
 * @param packages - the names of the published packages
 */
export function changesetProblem(text: string, packages: ReadonlySet<string>): string | undefined {
  const { changes, summary = '' } = CHANGESET.exec(text)?.groups ?? {};
  if (!text.startsWith('---\n') || changes === undefined) {
    return `begin with the packages between lines of ---, ${EXAMPLE}`;
  }
  const lines = changes.split('\n').filter((line) => line !== '');
  if (lines.length === 0) {
    if (summary.trim() === '') return undefined;
    return `name the packages between the lines of ---, ${EXAMPLE}, or remove the text of an empty changeset`;
  }
  const names = lines.map((line) => CHANGE.exec(line)?.groups?.['name'] ?? '');
  const wrong = lines.find((_, index) => !packages.has(names[index] ?? ''));
  if (wrong !== undefined) return `"${wrong}" does not name a published package and major, minor or patch`;
  if (new Set(names).size < names.length) return 'a package occurs twice';
  return summary.trim() === '' ? 'say below the packages what changes for users' : undefined;
}
