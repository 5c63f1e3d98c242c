import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IqBlock } from '../../src/core/frames.ts';
import type { Store } from '../../src/core/ports.ts';
import type { EmissionRecord } from '../../src/core/records.ts';
import { createInThreadEstimation } from '../../src/pipeline/estimation.ts';
import { LiveHub } from '../../src/pipeline/live-hub.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { renderScene, type Scene } from '../../src/simulation/scene.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { blocksOf, CENTER_HZ, RATE_HZ, T0_MS, TWO_HANDHELDS } from './scene-frames.ts';

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const OPTIONS = { queueBlocks: 1_000, falseAlarmProbability: 1e-7, window: 'hann', overlap: 0.5 } as const;

let store: Store;
beforeEach(async () => {
  store = await openSqliteStore({ file: ':memory:', log: QUIET_LOG });
});
afterEach(() => store.close());

/** One run of the service on the store: what the run before stored is known to it. */
async function newRun() {
  const hub = new LiveHub({ receivers: () => [], emissions: () => [], counters: () => ({}) as never }, QUIET_LOG);
  const told: EmissionRecord[] = [];
  hub.on('emission', (emission) => told.push(emission));
  const pipeline = new Pipeline({
    options: OPTIONS,
    estimation: createInThreadEstimation(),
    store,
    hub,
    log: QUIET_LOG,
    infoOf: () => null,
    observe: () => {},
    acknowledge: () => {},
    dropped: () => {},
    looked: () => {},
  });
  pipeline.remember(await store.emissions.find({ limit: 1_000 }));
  const take = async (blocks: readonly IqBlock[]) => {
    for (const block of blocks) {
      pipeline.take(block);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  return { pipeline, told, take };
}

function shifted(blocks: readonly IqBlock[], seconds: number): IqBlock[] {
  // Samples are given away with the first use.
  return blocks.map((block) => ({
    ...block,
    samples: block.samples.slice(),
    timeNs: block.timeNs + BigInt(Math.round(seconds * 1e9)),
  }));
}

async function records(): Promise<EmissionRecord[]> {
  const all = await store.emissions.find({ limit: 1_000 });
  return all.filter(({ artefact }) => artefact === null).sort((a, b) => a.centerHz - b.centerHz);
}

describe('emission ids over a restart', () => {
  const blocks = blocksOf(TWO_HANDHELDS, 2);

  it('stay, with the first time and the sum of counts and time on the air, where what was heard goes on', async () => {
    const first = await newRun();
    await first.take(shifted(blocks, 0));
    await first.pipeline.stop();
    const before = await records();
    expect(before).toHaveLength(2);
    const second = await newRun();
    await second.take(shifted(blocks, 30));
    await second.pipeline.stop();
    const after = await records();
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    const [licensed, pirate] = after;
    expect(after.map(({ firstSeenMs }) => firstSeenMs)).toEqual(before.map(({ firstSeenMs }) => firstSeenMs));
    expect(licensed.lastSeenMs - T0_MS).toBeGreaterThan(31_500);
    // 2 s and 0.6 s in each of the two runs; the one that never paused is still one transmission.
    expect(licensed.activeSeconds).toBeCloseTo(4, 0);
    expect(pirate.activeSeconds).toBeCloseTo(1.2, 1);
    expect([licensed.bursts, pirate.bursts]).toEqual([1, 2]);
  });

  it('are others after the silence that ends an emission, 600 s', async () => {
    const first = await newRun();
    await first.take(shifted(blocks, 0));
    await first.pipeline.stop();
    const second = await newRun();
    await second.take(shifted(blocks, 603));
    await second.pipeline.stop();
    expect(await records()).toHaveLength(4);
  });

  it('are others where another channel is heard, 12.5 kHz away', async () => {
    const first = await newRun();
    await first.take(shifted(blocks, 0));
    await first.pipeline.stop();
    const second = await newRun();
    const moved: Scene = {
      ...TWO_HANDHELDS,
      emitters: TWO_HANDHELDS.emitters.map((emitter) => ({ ...emitter, centerHz: emitter.centerHz + 12_500 })),
    };
    await second.take(shifted(blocksOf(moved, 1), 30));
    await second.pipeline.stop();
    expect(new Set((await records()).map(({ id }) => id)).size).toBe(4);
  });

  it.each([-3_600, -86_400])('stay where the clock was set back by %i s in between', async (seconds) => {
    const first = await newRun();
    await first.take(shifted(blocks, 0));
    await first.pipeline.stop();
    const before = await records();
    const second = await newRun();
    await second.take(shifted(blocks, seconds));
    await second.pipeline.stop();
    const after = await records();
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    for (const { firstSeenMs, lastSeenMs } of after) expect(firstSeenMs).toBeLessThan(lastSeenMs);
  });
});

describe('emission ids within a run', () => {
  it('stay where the clock is set back, and nothing is told to have ended', async () => {
    const run = await newRun();
    const blocks = blocksOf(TWO_HANDHELDS, 2);
    await run.take(shifted(blocks, 0));
    await run.take(shifted(blocks, -7_200));
    await run.pipeline.stop();
    expect(await records()).toHaveLength(2);
  });

  it('stay over the tunings of a scanning receiver that hear the same', async () => {
    const stations: Scene['emitters'] = [
      { name: 'a', signal: { kind: 'nfm', audio: 'voice', deviationHz: 2_500 }, centerHz: CENTER_HZ, powerDbfs: -25 },
      {
        name: 'b',
        signal: { kind: 'nfm', audio: 'voice', deviationHz: 2_500 },
        centerHz: CENTER_HZ + 110_000,
        powerDbfs: -25,
      },
    ];
    // a lies in both spans, b in the second one only.
    const tunings = [CENTER_HZ - 60_000, CENTER_HZ + 60_000].map((centerHz) => ({
      centerHz,
      bytes: renderScene(
        {
          seed: 3,
          receiver: { sampleRateHz: RATE_HZ, centerHz, format: 'cu8', noiseDbfs: -40, rollOffShare: 0.47 },
          emitters: stations.filter((station) => Math.abs(station.centerHz - centerHz) < RATE_HZ / 2),
        },
        4,
      ).samples,
    }));
    const pairs = 2 ** 14;
    const dwell = 8;
    const blocks = Array.from({ length: 48 }, (_, sequence): IqBlock => {
      const { centerHz, bytes } = tunings[Math.floor(sequence / dwell) % 2];
      return {
        kind: 'iq',
        receiver: 'rx-1',
        sequence,
        timeNs: BigInt(T0_MS) * 1_000_000n + BigInt(sequence) * 64_000_000n,
        centerHz,
        sampleRateHz: RATE_HZ,
        format: 'cu8',
        samples: bytes.slice(2 * pairs * sequence, 2 * pairs * (sequence + 1)),
        pairs,
        gainDb: null,
        gnssTime: true,
        lostBefore: sequence % dwell === 0,
        overload: false,
      };
    });
    const run = await newRun();
    await run.take(blocks);
    await run.pipeline.stop();
    const heard = await records();
    expect(heard.map(({ centerHz }) => Math.round(centerHz / 10_000))).toEqual([40_970, 40_981]);
    const [a] = heard;
    expect([a.bursts, a.activeSeconds]).toEqual([1, expect.closeTo(48 * 0.064, 0)]);
  });
});
