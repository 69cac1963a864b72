import { describe, expect, test } from '@jest/globals';
import { BridgeError, type BridgeErrorOptions, type ErrorCode } from '../../src/errors.ts';
import { createGate, guard } from '../../src/flow/gate.ts';
import { createMemoryDesk, createTestClock } from '../support/memory-desk.ts';
import { NOW } from '../support/records.ts';

function aGate() {
  const clock = createTestClock(NOW);
  const changes: string[] = [];
  return { clock, changes, gate: createGate('jira', clock.now, ({ state }) => changes.push(state)) };
}

const signal = new AbortController().signal;

const outage = async () => {
  throw new BridgeError('SYSTEM_FAILING', 'JIRA answers 503');
};
const works = async () => 'answer';

describe('the gate before a connected system', () => {
  test('closes at the first outage and keeps calls away', async () => {
    const { gate, changes } = aGate();
    let reached = 0;
    await expect(gate.through(outage, signal)).rejects.toMatchObject({ code: 'SYSTEM_FAILING' });

    await expect(
      gate.through(async () => {
        reached += 1;
      }, signal),
    ).rejects.toMatchObject({ code: 'SYSTEM_FAILING', disposition: 'outage' });
    expect(reached).toBe(0);
    expect(changes).toEqual(['closed']);
  });

  test('lets one probe through when the pause is over, and opens when it is answered', async () => {
    const { gate, clock, changes } = aGate();
    await expect(gate.through(outage, signal)).rejects.toThrow();
    clock.pass({ seconds: 3 });
    const answered = Promise.withResolvers<string>();
    const probe = gate.through(() => answered.promise, signal);

    await expect(gate.through(works, signal)).rejects.toMatchObject({ disposition: 'outage' });
    answered.resolve('yes');
    await expect(probe).resolves.toBe('yes');
    await expect(gate.through(works, signal)).resolves.toBe('answer');
    expect(changes).toEqual(['closed', 'open']);
  });

  const waitsFor = (gate: ReturnType<typeof aGate>['gate']) =>
    gate.through(works, signal).then(
      () => 'nothing',
      (error: BridgeError) => error.waitsFor,
    );

  test('sends one of those who come meanwhile to try again in time, and lets the others wait for the opening', async () => {
    const { gate } = aGate();
    await expect(gate.through(outage, signal)).rejects.toMatchObject({ waitsFor: undefined });

    const scout = gate.through(works, signal);
    await expect(scout).rejects.toMatchObject({ retryAfterMs: 2_000, waitsFor: undefined });
    expect([await waitsFor(gate), await waitsFor(gate)]).toEqual(['jira', 'jira']);
  });

  test('sends one for each pause, and lets whoever comes after it be the probe', async () => {
    const { gate, clock } = aGate();
    await expect(gate.through(outage, signal)).rejects.toThrow();
    expect([await waitsFor(gate), await waitsFor(gate)]).toEqual([undefined, 'jira']);

    clock.pass({ seconds: 2 });
    await expect(gate.through(outage, signal)).rejects.toMatchObject({ message: 'JIRA answers 503' });
    expect([await waitsFor(gate), await waitsFor(gate)]).toEqual([undefined, 'jira']);
    clock.pass({ minutes: 10 });
    expect(await waitsFor(gate)).toBe('nothing');
  });

  test('takes no sweep for a scout, which would not come again in time', async () => {
    const { gate, clock } = aGate();
    const desk = guard(createMemoryDesk('jira', clock.now), gate);
    await expect(gate.through(outage, signal)).rejects.toThrow();
    await expect(desk.changedSince(NOW, undefined, signal)).rejects.toMatchObject({ disposition: 'outage' });
    expect([await waitsFor(gate), await waitsFor(gate)]).toEqual([undefined, 'jira']);
  });

  test('tells when it opens, and only then', async () => {
    const { gate, clock } = aGate();
    let opened = 0;
    gate.onOpened(() => {
      opened += 1;
    });
    await gate.through(works, signal);
    await expect(gate.through(outage, signal)).rejects.toThrow();
    expect(opened).toBe(0);

    clock.pass({ seconds: 2 });
    await gate.through(works, signal);
    await gate.through(works, signal);
    expect(opened).toBe(1);
  });

  test('waits longer after each failed probe, a minute at most', async () => {
    const { gate, clock } = aGate();
    const pauses: number[] = [];
    for (let probe = 0; probe < 8; probe += 1) {
      await expect(gate.through(outage, signal)).rejects.toThrow();
      const state = gate.state();
      if (state.state === 'open') {
        throw new Error('the gate is open');
      }
      pauses.push(state.until.diff(clock.now()).as('seconds'));
      clock.pass({ seconds: pauses.at(-1) ?? 0 });
    }

    expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  });

  test('keeps the pause that the system asked for', async () => {
    const { gate, clock } = aGate();
    await expect(
      gate.through(async () => {
        throw new BridgeError('SYSTEM_FAILING', 'maintenance', { retryAfterMs: 120_000 });
      }, signal),
    ).rejects.toThrow();
    clock.pass({ seconds: 119 });

    await expect(gate.through(works, signal)).rejects.toMatchObject({ disposition: 'outage' });
    clock.pass({ seconds: 2 });
    await expect(gate.through(works, signal)).resolves.toBe('answer');
  });

  test.each(['REFUSED', 'RATE_LIMITED', 'RECORD_NOT_READABLE'] as const)(
    'stays open at %s: the system answered',
    async (code) => {
      const { gate } = aGate();
      const answer = async () => {
        throw new BridgeError(code, 'an answer');
      };
      await expect(gate.through(answer, signal)).rejects.toMatchObject({ code });

      await expect(gate.through(works, signal)).resolves.toBe('answer');
    },
  );

  test('a call that the bridge itself gave up does not close it', async () => {
    const { gate } = aGate();
    await expect(gate.through(outage, AbortSignal.abort())).rejects.toThrow();

    await expect(gate.through(works, signal)).resolves.toBe('answer');
  });

  test('a clock that is put back does not keep it closed for the difference', async () => {
    const { gate, clock } = aGate();
    clock.pass({ hours: 24 });
    await expect(gate.through(outage, signal)).rejects.toThrow();
    clock.pass({ hours: -24 });

    await expect(gate.through(works, signal)).resolves.toBe('answer');
  });

  const refusedBy =
    (code: ErrorCode, options: BridgeErrorOptions = {}) =>
    async () => {
      throw new BridgeError(code, 'an answer', options);
    };

  test.each<[string, ErrorCode, BridgeErrorOptions, 'open' | 'closed']>([
    ['a good refusal', 'REFUSED', {}, 'open'],
    ['a failure of this one call', 'SYSTEM_FAILING', { disposition: 'again' }, 'open'],
    ['a mapping that is parked', 'SCREEN_UNSUITABLE', {}, 'closed'],
    ['a rate limit', 'RATE_LIMITED', { retryAfterMs: 60_000 }, 'closed'],
    ['a doubt', 'OUTCOME_UNKNOWN', {}, 'closed'],
    ['a fault of the bridge', 'INTERNAL', {}, 'closed'],
  ])('a probe that ends in %s leaves it %s and keeps nobody out for ever', async (_, code, options, state) => {
    const { gate, clock } = aGate();
    await expect(gate.through(outage, signal)).rejects.toThrow();
    clock.pass({ seconds: 3 });
    await expect(gate.through(refusedBy(code, options), signal)).rejects.toMatchObject({ code });

    expect(gate.state().state).toBe(state);
    await expect(gate.through(works, signal)).resolves.toBe('answer');
    expect(gate.state().state).toBe('open');
  });

  test('a probe that the bridge itself gives up leaves the next call to be the probe', async () => {
    const { gate, clock } = aGate();
    await expect(gate.through(outage, signal)).rejects.toThrow();
    clock.pass({ seconds: 3 });
    await expect(gate.through(outage, AbortSignal.abort())).rejects.toThrow();

    await expect(gate.through(works, signal)).resolves.toBe('answer');
  });

  test('a refused login is not tried again before its time, whatever the usual pauses are', async () => {
    const { gate, clock } = aGate();
    const locked = refusedBy('LOGIN_REFUSED', { retryAfterMs: 15 * 60_000 });
    let tries = 0;
    const attempt = () =>
      gate.through(() => {
        tries += 1;
        return locked();
      }, signal);
    for (let minute = 0; minute < 60; minute += 1) {
      await expect(attempt()).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
      clock.pass({ minutes: 1 });
    }

    expect(tries).toBe(4);
  });
});

describe('a desk behind the gate', () => {
  test('gives several records in a call where the desk does, and the gate is before that call too', async () => {
    const { gate, clock } = aGate();
    const desk = createMemoryDesk('jira', clock.now);
    const guarded = guard({ ...desk, readSeveral: outage }, gate);

    await expect(guarded.readSeveral?.([], signal)).rejects.toMatchObject({ code: 'SYSTEM_FAILING' });
    expect(gate.state()).toMatchObject({ state: 'closed' });
    expect(guard(desk, gate).readSeveral).toBeUndefined();
  });
});
