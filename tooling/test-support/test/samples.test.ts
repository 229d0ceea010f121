import { describe, expect, test } from 'vitest';
import { type InteractionSample, sampleSets } from '../src/samples.ts';

const HANDLERS: readonly InteractionSample['handler'][] = [
  'action',
  'command',
  'options',
  'shortcut',
  'view',
  'view closed',
];

describe.each(await sampleSets())('payloads of $origin', ({ events, interactions, answers }) => {
  test('are many, with unique names', () => {
    expect(events.length).toBeGreaterThan(40);
    expect(answers.length).toBeGreaterThan(4);
    for (const samples of [events, interactions, answers]) {
      expect(new Set(samples.map(({ name }) => name)).size).toBe(samples.length);
    }
  });

  test('cover every kind of handler, messages and their subtypes', () => {
    expect([...new Set(interactions.map(({ handler }) => handler))].sort()).toEqual(HANDLERS);
    const inner = events.map(({ text }) => JSON.parse(text).event);
    expect(inner.filter(({ type }) => type === 'message').length).toBeGreaterThan(8);
    for (const { type } of inner) expect(type).toMatch(/^[a-z_]+$/);
  });

  test('are compact JSON with an object', () => {
    for (const { name, text } of [...events, ...interactions, ...answers]) {
      expect(JSON.stringify(JSON.parse(text)), name).toBe(text);
      expect(text.startsWith('{'), name).toBe(true);
    }
  });
});
