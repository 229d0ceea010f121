import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { isAbsent } from '../../arguments/argument-names.ts';
import { nearestNames } from '../../directory/nearest-names.ts';
import type { ListedMethod, MethodArgument } from './method-table.ts';

/** The checked arguments of a method, or a description of their problem. */
export type CheckedArguments = { readonly args: JsonObject } | { readonly problem: string };

/**
 * Checks arguments against the schema of their method. Converts a value to the type of its argument if the value has
 * only one possible meaning: a number or boolean written as text, a list of strings where Slack expects
 * comma-separated text, and JSON text where Slack expects a list or an object.
 */
export function checkMethodArguments(method: ListedMethod, given: JsonObject): CheckedArguments {
  const { properties, required = [] } = method.arguments;
  const names = Object.keys(properties);
  const args: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(given)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (schema === undefined) {
      if (isAbsent(value)) continue;
      const [nearest] = nearestNames(name.slice(0, 100), names, 1);
      const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
      return { problem: `${JSON.stringify(name.slice(0, 60))} is not an argument of ${method.name}${hint}` };
    }
    if (value === undefined || (isAbsent(value) && !required.includes(name))) continue;
    const fitting = fitted(schema, value);
    if (fitting === undefined) return { problem: `${name} must be ${describe(schema)}` };
    args[name] = fitting;
  }
  const missing = required.filter((name) => !Object.hasOwn(args, name));
  if (missing.length > 0) return { problem: `${method.name} needs ${missing.join(', ')}` };
  return { args };
}

/** Returns the value in the type of the argument, or undefined if the value does not fit. */
function fitted(schema: MethodArgument, value: JsonValue): JsonValue | undefined {
  for (const type of [schema.type].flat()) {
    const fitting = inType(type, value);
    if (fitting === undefined) continue;
    const { enum: choices } = schema as { enum?: readonly JsonValue[] };
    return choices === undefined || choices.includes(fitting) ? fitting : undefined;
  }
  return undefined;
}

function inType(type: string, value: JsonValue): JsonValue | undefined {
  switch (type) {
    case 'string':
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',');
      return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined;
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
    }
    case 'boolean':
      if (value === 'true' || value === 'false') return value === 'true';
      return typeof value === 'boolean' ? value : undefined;
    case 'array': {
      const list = parsed(value);
      if (Array.isArray(list)) return list;
      return typeof list === 'string' ? list.split(',').map((item) => item.trim()) : undefined;
    }
    default: {
      const object = parsed(value);
      return typeof object === 'object' && object !== null && !Array.isArray(object) ? object : undefined;
    }
  }
}

/** Parses a text that looks like JSON. */
function parsed(value: JsonValue): JsonValue {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return value;
  }
}

function describe({ type, enum: choices }: MethodArgument & { enum?: readonly JsonValue[] }): string {
  if (choices !== undefined) return `one of ${choices.join(', ')}`;
  return [type]
    .flat()
    .map((name) => (/^[ao]/.test(name) ? `an ${name}` : `a ${name}`))
    .join(' or ');
}
