import { describe, expect, it } from 'vitest';
import { FAILURE_META_KEY } from '../../../packages/server/src/tools/tool-result.ts';
import { openFixture } from '../src/fixture/open-fixture.ts';
import { listedTools, schemaOf } from '../src/listed-tools.ts';
import { acceptedCalls, HALVES, readRequests } from '../src/request.ts';
import { argumentErrors } from '../src/score/argument-errors.ts';

const { tools } = listedTools(['all']);
const toolNamed = (name: string) => {
  const found = tools.find((tool) => tool.name === name);
  if (found === undefined) throw new Error(`${name} does not exist`);
  return found;
};

describe.each(HALVES)('the %s requests', (half) => {
  const requests = readRequests(half);

  it('are at least 80, with unique ids, some in one step and some in several', () => {
    expect(requests.length).toBeGreaterThanOrEqual(80);
    expect(new Set(requests.map(({ id }) => id)).size).toBe(requests.length);
    expect(requests.filter(({ calls }) => calls.length === 1).length).toBeGreaterThan(40);
    expect(requests.filter(({ calls }) => calls.length > 1).length).toBeGreaterThan(10);
  });

  it.each(requests.map(({ id, calls }) => [id, calls] as const))(
    '%s: its calls are valid and succeed',
    async (_id, calls) => {
      expect(calls.length).toBeGreaterThan(0);
      const options = Math.max(...calls.map((call) => acceptedCalls(call).length));
      for (let option = 0; option < options; option += 1) {
        await using fixture = await openFixture();
        for (const call of calls) {
          const { tool, arguments: args } = acceptedCalls(call)[option] ?? call;
          expect(schemaOf(toolNamed(tool)).safeParse(args).error).toBeUndefined();
          expect(argumentErrors(toolNamed(tool), args, args)).toEqual([]);
          const result = await fixture.tools.callTool(tool, args);
          expect([tool, result._meta?.[FAILURE_META_KEY]]).toEqual([tool, undefined]);
        }
      }
    },
  );
});

it('no request is in both halves', () => {
  const [visible, hidden] = HALVES.map((half) => readRequests(half).map(({ request }) => request.toLowerCase()));
  expect(visible?.filter((request) => hidden?.includes(request))).toEqual([]);
});
