import type { ToolDescription } from '../../../../packages/server/src/tools/define-tool.ts';
import { KINDS, type Kind, NEEDS } from './argument-kinds.ts';
import { withNames } from './directory.ts';

/** How the things in a request fit the arguments of a tool. */
export interface ArgumentMatch {
  /** How many kinds of things the tool takes. A kind that few tools take counts more. */
  readonly taken: number;
  /** Number of kinds of things that the tool needs and the request does not have. */
  readonly missing: number;
}

/** Compares the things that a request mentions, such as a file or a quoted text, with the arguments of each tool. */
export function argumentMatch(tools: readonly ToolDescription[]): (request: string) => readonly ArgumentMatch[] {
  const kinds = KINDS.map((kind) => {
    const takers = tools.map(({ inputSchema }) =>
      takes(kind, Object.keys((inputSchema['properties'] ?? {}) as object)),
    );
    const rarity = Math.log((tools.length + 1) / (takers.filter(Boolean).length + 0.5));
    return { form: kind.form, takers, rarity };
  });
  const needs = NEEDS.map((kind) => ({
    form: kind.form,
    takers: tools.map(({ inputSchema }) => takes(kind, (inputSchema['required'] ?? []) as readonly string[])),
  }));
  return (request) => {
    const text = withNames(request);
    const present = kinds.filter(({ form }) => form.test(text));
    const absent = needs.filter(({ form }) => !form.test(text));
    return tools.map((_, tool) => ({
      taken: present.reduce((sum, { takers, rarity }) => sum + (takers[tool] ? rarity : 0), 0),
      missing: absent.filter(({ takers }) => takers[tool]).length,
    }));
  };
}

function takes(kind: Kind, names: readonly string[]): boolean {
  return kind.arguments.some((name) => names.includes(name));
}
