import { describe, expect, it } from 'vitest';
import type { IqBlock } from '../../src/core/frames.ts';
import { FrameQueue } from '../../src/pipeline/frame-queue.ts';
import { blocksOf, TWO_HANDHELDS } from './scene-frames.ts';

const [template] = blocksOf(TWO_HANDHELDS, 0.01);
const block = (sequence: number, bytes = 32): IqBlock => ({ ...template, sequence, samples: new Uint8Array(bytes) });

describe('the queue of frames', () => {
  it('gives frames in the order in which they came', () => {
    const queue = new FrameQueue(4);
    for (const sequence of [1, 2, 3]) expect(queue.push(block(sequence))).toBe(0);
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()].map((frame) => frame?.sequence)).toEqual([
      1,
      2,
      3,
      undefined,
    ]);
  });

  it('drops whole frames, the oldest first, counts them, and marks the one after the gap', () => {
    const queue = new FrameQueue(2);
    const dropped = [1, 2, 3, 4, 5].map((sequence) => queue.push(block(sequence)));
    expect(dropped).toEqual([0, 0, 1, 1, 1]);
    expect(queue.shift()).toMatchObject({ sequence: 4, lostBefore: true });
    expect(queue.shift()).toMatchObject({ sequence: 5, lostBefore: false });
  });

  it('holds no more than 64 MiB, however many frames it may hold', () => {
    const queue = new FrameQueue(4096);
    const large = new Uint8Array(2 ** 21);
    let dropped = 0;
    for (let i = 0; i < 100; i++) dropped += queue.push({ ...block(i), samples: large });
    expect(queue.length).toBe(32);
    expect(dropped).toBe(68);
  });
});
