import { expect, test } from '@jest/globals';
import { createDirectIntake } from '../../src/intake/direct.ts';
import { describeIntake, eventOf } from './conformance.ts';

describeIntake({
  name: 'without a broker',
  async open(sink) {
    const intake = createDirectIntake(sink);
    await intake.start();
    return intake;
  },
});

test('an event that the store refuses is refused to its publisher', async () => {
  const intake = createDirectIntake(async () => {
    throw new Error('disk full');
  });
  await expect(intake.publish([eventOf(1)])).rejects.toThrow('disk full');
});
