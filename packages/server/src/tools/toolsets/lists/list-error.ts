import type { JsonObject } from '@slack-mcp/core';
import { nearestNames } from '../../directory/nearest-names.ts';
import type { ExplainedError } from '../../explained-error.ts';
import type { ListColumn } from './list-column.ts';

/** Thrown if a file is not a list, a column does not exist, or a value does not fit its column. */
export class ListError extends Error implements ExplainedError {
  readonly code: 'not_a_list' | 'unknown_column' | 'invalid_value';
  readonly nextStep: string;
  readonly details: JsonObject;
  readonly changedNothing = true;

  private constructor(code: ListError['code'], message: string, nextStep: string, details: JsonObject = {}) {
    super(message);
    this.name = 'ListError';
    this.code = code;
    this.nextStep = nextStep;
    this.details = details;
  }

  static notAList(): ListError {
    return new ListError('not_a_list', 'The file is not a list.', 'Read other files with slack_read_file.');
  }

  static unknownColumn(name: string, columns: readonly ListColumn[]): ListError {
    const names = columns.map((column) => column.name);
    const [nearest] = nearestNames(name.slice(0, 100), names, 1);
    const hint = nearest === undefined ? '' : ` Did you mean ${JSON.stringify(nearest)}?`;
    const shown = JSON.stringify(name.slice(0, 60));
    return new ListError('unknown_column', `The list has no column ${shown}.${hint}`, `Columns: ${names.join(', ')}.`, {
      columns: names,
    });
  }

  static ambiguousColumn(name: string, ids: readonly string[]): ListError {
    const shown = JSON.stringify(name.slice(0, 60));
    const nextStep = `Use the id of the column: ${ids.join(', ')}.`;
    return new ListError('unknown_column', `Several columns have the name ${shown}.`, nextStep, { columns: [...ids] });
  }

  static invalidValue({ name, type }: ListColumn, problem: string): ListError {
    return new ListError(
      'invalid_value',
      `The column ${name} (${type}) ${problem}.`,
      'Correct the value and call again.',
    );
  }

  static unsupported({ name, type }: ListColumn): ListError {
    const message = `This tool cannot write the column ${name}, which has the type ${type}.`;
    return new ListError('invalid_value', message, 'Leave the column out. People can fill it in Slack.');
  }
}
