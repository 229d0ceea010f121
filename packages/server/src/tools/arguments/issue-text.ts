import type { z } from 'zod';

/** Returns what is wrong with a value, in the words of this project instead of those of the schema library. */
export function issueText(issue: z.core.$ZodIssue): string {
  return (sizeProblem(issue) ?? issue.message)
    .replace(/^Invalid input: expected (.+), received (.+)$/, (_, type: string, given: string) =>
      given === 'undefined' ? `missing (${typeName(type)})` : `expected ${typeName(type)}, not ${given}`,
    )
    .replace(
      /^Invalid option: expected one of (.+)$/,
      (_, options: string) => `must be one of ${options.replaceAll('|', ', ')}`,
    );
}

/** Returns the name of a type. The library calls objects with any field `record`. */
function typeName(type: string): string {
  return type === 'record' ? 'object' : type;
}

/** The unit in which the size of a value is counted, by the type of the value. */
const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };

/** Describes a value that is too small or too big, unless the schema has a description of its own. */
function sizeProblem(issue: z.core.$ZodIssue): string | undefined {
  if ((issue.code !== 'too_small' && issue.code !== 'too_big') || !/^Too (?:small|big):/.test(issue.message)) {
    return undefined;
  }
  const unit = UNITS[issue.origin];
  const verb = unit === undefined ? 'be' : 'have';
  if (issue.code === 'too_big') return `must ${verb} at most ${issue.maximum}${unit ?? ''}`;
  if (unit !== undefined && Number(issue.minimum) === 1) return 'must not be empty';
  return `must ${verb} at least ${issue.minimum}${unit ?? ''}`;
}
