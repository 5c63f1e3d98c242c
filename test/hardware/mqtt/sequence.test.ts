import { describe, expect, it } from 'vitest';
import { SequenceTracker } from '../../../hardware/mqtt/sequence.ts';

function follow(...packets: Array<readonly [sequence: number, timeNs: number]>) {
  const tracker = new SequenceTracker();
  return packets.map(([sequence, timeNs]) => tracker.step(sequence, BigInt(timeNs))).at(-1);
}

describe('sequence numbers', () => {
  it('begin anywhere', () => {
    expect(follow([4_000_000_000, 1])).toEqual({ kind: 'next', lost: 0 });
  });

  it('count what is missing between two packets', () => {
    expect(follow([7, 1], [8, 2])).toEqual({ kind: 'next', lost: 0 });
    expect(follow([7, 1], [11, 2])).toEqual({ kind: 'next', lost: 3 });
  });

  it('wrap at 2^32', () => {
    expect(follow([2 ** 32 - 1, 1], [0, 2])).toEqual({ kind: 'next', lost: 0 });
    expect(follow([2 ** 32 - 2, 1], [1, 2])).toEqual({ kind: 'next', lost: 2 });
  });

  it('know a packet that was sent again, by its number and its time', () => {
    expect(follow([7, 70], [7, 70])).toEqual({ kind: 'old' });
    expect(follow([5, 50], [6, 60], [7, 70], [5, 50])).toEqual({ kind: 'old' });
  });

  it('know a receiver that counts anew: a lower number at a later time', () => {
    expect(follow([700, 70], [0, 80])).toEqual({ kind: 'restart' });
    expect(follow([700, 70], [0, 80], [1, 90])).toEqual({ kind: 'next', lost: 0 });
  });

  it('take a leap of millions for a new count, not for a loss of millions', () => {
    expect(follow([7, 1], [3_000_000, 2])).toEqual({ kind: 'restart' });
  });
});
