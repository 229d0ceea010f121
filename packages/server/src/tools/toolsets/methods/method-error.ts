import type { JsonObject } from '@slack-mcp/core';
import { nearestNames } from '../../directory/nearest-names.ts';
import type { ExplainedError } from '../../explained-error.ts';
import type { ToolFailure } from '../../tool-result.ts';
import type { ListedMethod } from './method-table.ts';

/** Thrown if a method cannot be called with the given name, arguments or scopes. */
export class MethodError extends Error implements ExplainedError {
  readonly code: string;
  readonly nextStep: string;
  readonly details: JsonObject;

  private constructor(code: string, message: string, nextStep: string, details: JsonObject) {
    super(message);
    this.name = 'MethodError';
    this.code = code;
    this.nextStep = nextStep;
    this.details = details;
  }

  /**
   * The error for a method that the table does not contain.
   *
   * @param known - the names of the methods in the table
   */
  static unknown(name: string, known: Iterable<string>): MethodError {
    const shown = JSON.stringify(name.slice(0, 100));
    const isAdmin = /^\s*admin\./i.test(name);
    const candidates = [...nearestNames(name.trim().slice(0, 100), known)];
    const message = isAdmin
      ? `${shown} administers an organization, which this server does not do.`
      : `${shown} is not a method that this server can call.`;
    const nearest = isAdmin || candidates.length === 0 ? '' : `Nearest: ${candidates.join(', ')}. `;
    return new MethodError('unknown_method', message, `${nearest}Find methods with slack_find_method.`, { candidates });
  }

  /** The error for arguments that do not match the schema of their method. */
  static ofArguments({ name, arguments: { properties } }: ListedMethod, problem: string): MethodError {
    const known = Object.keys(properties).join(', ') || 'none';
    return new MethodError(
      'invalid_arguments',
      `invalid arguments: ${problem}${problem.endsWith('?') ? '' : '.'}`,
      `Arguments of ${name}: ${known}. Correct them and call again.`,
      { method: name },
    );
  }

  /** The error for a token that lacks the scopes of a method. */
  static ofScopes(name: string, { message, details }: ToolFailure): MethodError {
    return new MethodError('missing_scope', `${name}: ${message}`, '', details);
  }
}
