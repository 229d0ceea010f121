/** A tool as `docs/tools.md` describes it. */
export interface DescribedTool {
  readonly description: string;
  readonly toolset: string;
  readonly tokens: number;
  /** The names of the arguments with what the page says about them. */
  readonly arguments: ReadonlyMap<string, string>;
}

const TOOL =
  /^### (?<name>slack_\w+)\n+```text\n(?<description>[\s\S]*?)\n```\n+(?<facts>.*)\n(?<rest>[\s\S]*?)(?=^##|\n<!--|$(?![\s\S]))/gm;

/** Reads the tools of `docs/tools.md`. */
export function describedTools(page: string): ReadonlyMap<string, DescribedTool> {
  const toolsets = [...page.matchAll(/^## (\S+)$/gm)];
  return new Map(
    [...page.matchAll(TOOL)].map(({ index, groups = {} }) => {
      const { name = '', description = '', facts = '', rest = '' } = groups;
      const toolset = toolsets.findLast((heading) => heading.index < index)?.[1] ?? '';
      const rows = [...rest.matchAll(/^\| `(\w+)` +\| (.+?) *\|$/gm)];
      const args = new Map(rows.map(([, argument = '', meaning = '']) => [argument, meaning.replace(/ +/g, ' ')]));
      return [
        name,
        { description, toolset, tokens: Number(/(\d+) (?:model )?tokens/.exec(facts)?.[1]), arguments: args },
      ];
    }),
  );
}

/**
 * Returns what a change does to the list of tools that clients receive: added, removed and changed tools, one line for
 * each, with their tokens. Empty without a change.
 */
export function toolChanges(before: string, after: string): readonly string[] {
  const [old, now] = [describedTools(before), describedTools(after)];
  const lines = [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (was === undefined) return [`+ ${name} (${is?.toolset}): ${is?.tokens} tokens`];
    if (is === undefined) return [`- ${name} (${was.toolset}): ${was.tokens} tokens`];
    const what = [
      ...(was.toolset === is.toolset ? [] : [`toolset ${was.toolset} → ${is.toolset}`]),
      ...(was.description === is.description ? [] : ['description']),
      ...changedArguments(was.arguments, is.arguments),
    ];
    if (what.length === 0 && was.tokens === is.tokens) return [];
    return [`~ ${name}: ${what.join(', ') || 'schema'}; ${difference(was.tokens, is.tokens)}`];
  });
  if (lines.length === 0) return [];
  const [sumWas, sumIs] = [old, now].map((tools) => [...tools.values()].reduce((sum, { tokens }) => sum + tokens, 0));
  return [...lines, `${old.size} → ${now.size} tools; ${difference(sumWas ?? 0, sumIs ?? 0)}`];
}

function changedArguments(was: ReadonlyMap<string, string>, is: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    if (!was.has(name)) return [`+${name}`];
    if (!is.has(name)) return [`-${name}`];
    return was.get(name) === is.get(name) ? [] : [name];
  });
}

function difference(was: number, is: number): string {
  return was === is ? `${is} tokens` : `${was} → ${is} tokens (${is > was ? '+' : ''}${is - was})`;
}
