/**
 * Replaces the generated regions of a Markdown text, `<!-- generated:NAME -->` to `<!-- /generated -->`, with the
 * result of `render` for the name.
 *
 * @throws Error - a name is unknown, or a region has no end
 */
export function fillRegions(text: string, render: (name: string) => string | undefined): string {
  const filled = text.replace(
    /(<!-- generated:([^\n]+?) -->\n)([\s\S]*?)(\n?<!-- \/generated -->)/g,
    (_, start: string, name: string) => {
      const content = render(name);
      if (content === undefined) throw new Error(`there is no generator for "${name}"`);
      return `${start}${content.trimEnd()}\n<!-- /generated -->`;
    },
  );
  const starts = filled.match(/<!-- generated:/g)?.length ?? 0;
  const ends = filled.match(/<!-- \/generated -->/g)?.length ?? 0;
  if (starts !== ends) throw new Error(`${starts} generated regions begin and ${ends} end`);
  return filled;
}
