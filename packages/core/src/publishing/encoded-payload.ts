import type { QueuePayload } from '../contract/backend.ts';
import { ENCODED, type EncodedPayload } from '../contract/encoded-payload.ts';
import { SerializationError } from '../contract/errors.ts';
import { assertDepth, decodeText, parsePayload } from './payload.ts';

class JsonText implements EncodedPayload {
  readonly [ENCODED] = true;
  readonly text: string;
  readonly value: QueuePayload;

  constructor(text: string, value: QueuePayload) {
    this.text = text;
    this.value = value;
  }

  toJSON(): QueuePayload {
    return this.value;
  }
}

/**
 * Validates JSON text and returns it as an encoded payload, for `publish(key, encodedPayload(body))`. The text is
 * published unchanged, without being parsed and serialized again. A leading byte order mark is removed.
 *
 * @param data - the text, or its bytes in UTF-8
 * @throws SerializationError - the data is not UTF-8 JSON, is not an object, or is nested deeper than 1000 levels
 */
export function encodedPayload(data: string | Uint8Array): EncodedPayload {
  const text = decodeText(data);
  // A lone surrogate cannot be encoded as UTF-8: it would become another character.
  if (!text.isWellFormed())
    throw new SerializationError('the JSON text contains a lone surrogate: use well-formed Unicode');
  const value = parsePayload(text);
  assertDepth(value, text);
  return new JsonText(text, value);
}
