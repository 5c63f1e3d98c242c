import type { Frame, IqBlock } from '../../../src/core/frames.ts';
import type { ReceiverInfo, ReceiverStatus } from '../../../src/core/records.ts';
import type { Mission, OrderReply, ReceiverOrder, ScanPlan, TaskingRecord } from '../../../src/core/tasking.ts';
import { TaskingKeeper } from '../../../src/ingest/tasking/tasking-keeper.ts';
import { receiverStatus } from '../../gateway/support.ts';

export const T0_MS = Date.UTC(2026, 5, 15, 21, 0, 0);
const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const INFO: ReceiverInfo = {
  model: null,
  serial: null,
  location: null,
  antenna: null,
  calibrationOffsetDb: null,
  spursHz: [],
  ranges: [{ lowHz: 24e6, highHz: 1766e6 }],
};

export function iq(centerHz: number): IqBlock {
  return {
    kind: 'iq',
    receiver: 'rx',
    sequence: 1,
    timeNs: BigInt(Date.now()) * 1_000_000n,
    centerHz,
    sampleRateHz: 2_400_000,
    format: 'cu8',
    samples: new Uint8Array(0),
    pairs: 131_072,
    gainDb: 22.9,
    gnssTime: false,
    lostBefore: false,
    overload: false,
  };
}

export const PLAN: ScanPlan = {
  bands: [
    { lowHz: 88e6, highHz: 92.8e6, priority: 1, dwellSeconds: null },
    { lowHz: 118e6, highHz: 120e6, priority: 2, dwellSeconds: null },
  ],
  dwellSeconds: 0.5,
  gainDb: 20,
  sampleRateHz: null,
  usableShare: 1,
  rbwHz: null,
  stepSpanHz: null,
};

/** A receiver that does what it is told, unless a test says otherwise, and a store that outlives the keeper. */
export class World {
  readonly orders: { order: ReceiverOrder; atMs: number }[] = [];
  readonly records = new Map<string, TaskingRecord>();
  readonly missions = new Map<string, Mission>();
  answer: (order: ReceiverOrder) => Promise<OrderReply> = async () => ({ outcome: 'accepted' });
  keeper!: TaskingKeeper;

  async start(info: Partial<ReceiverInfo> = {}, frame: Frame = iq(98e6)): Promise<void> {
    this.keeper = await TaskingKeeper.open({
      store: {
        tasking: {
          list: async () => [...this.records.values()],
          put: async (record) => void this.records.set(record.receiver, record),
        },
        missions: {
          list: async () => [...this.missions.values()],
          put: async (mission) => void this.missions.set(mission.id, mission),
          remove: async (id) => void this.missions.delete(id),
        },
      },
      clock: { nowMs: () => Date.now() },
      log: QUIET_LOG,
      commanderOf: () => (order) => {
        this.orders.push({ order, atMs: Date.now() - T0_MS });
        return this.answer(order);
      },
      tell: () => undefined,
    });
    this.state({ info: { ...INFO, ...info } });
    this.keeper.frame(frame);
  }

  state(change: Partial<ReceiverStatus>): void {
    this.keeper.receiver({ ...receiverStatus('rx'), info: INFO, ...change });
  }

  get centers(): number[] {
    return this.orders.map(({ order }) => (order.command === 'tune' ? order.centerHz / 1e6 : Number.NaN));
  }

  get status() {
    return this.keeper.of('rx');
  }
}
