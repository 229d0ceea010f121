import type { JsonObject } from '@slack-mcp/core';
import { isObject, objectsOf, stringOf } from '../../messages/json-fields.ts';
import { decodeEntities } from '../../messages/readable-text.ts';
import type { ListColumn } from './list-column.ts';
import { ListError } from './list-error.ts';

/**
 * Returns the columns of a list, which `files.info` returns as `list_metadata`.
 *
 * @throws ListError - the file is not a list
 */
export function columnsOf(file: JsonObject): readonly ListColumn[] {
  const { list_metadata: metadata } = file;
  if (!isObject(metadata)) throw ListError.notAList();
  return objectsOf(metadata['schema']).map((column) => {
    const { options } = column;
    const choices = objectsOf(isObject(options) ? options['choices'] : undefined);
    return {
      id: stringOf(column['id']),
      key: stringOf(column['key']),
      name: decodeEntities(stringOf(column['name']) || stringOf(column['key'])),
      type: stringOf(column['type']),
      choices: choices.map(({ value, label }) => ({
        value: stringOf(value),
        label: decodeEntities(stringOf(label) || stringOf(value)),
      })),
    };
  });
}

/**
 * Returns the column whose id, name or key is `name`, regardless of case.
 *
 * @throws ListError - no column or several columns have the name
 */
export function columnNamed(name: string, columns: readonly ListColumn[]): ListColumn {
  const wanted = name.trim().toLowerCase();
  const byId = columns.find(({ id }) => id.toLowerCase() === wanted);
  if (byId !== undefined) return byId;
  const byName = columns.filter((column) => column.name.toLowerCase() === wanted);
  const found = byName.length > 0 ? byName : columns.filter(({ key }) => key.toLowerCase() === wanted);
  const [column, another] = found;
  if (column === undefined) throw ListError.unknownColumn(name, columns);
  if (another !== undefined)
    throw ListError.ambiguousColumn(
      name,
      found.map(({ id }) => id),
    );
  return column;
}
