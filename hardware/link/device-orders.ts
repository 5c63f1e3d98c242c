import type { OrderReply, ReceiverOrder } from '../../src/core/tasking.ts';

/** Longer than the slowest sweep between which a device can be set anew. */
const ANSWER_MS = 30_000;

/** What a device at a port is asked for: picked up between two sweeps, and asked again whenever the port is opened. */
export class DeviceOrders {
  /** The last one that was not refused; null: as the configuration says. */
  current: ReceiverOrder | null = null;
  private readonly commands: readonly ReceiverOrder['command'][];
  private before: ReceiverOrder | null = null;
  private settle: ((reply: OrderReply) => void) | null = null;
  private isNew = false;

  constructor(commands: readonly ReceiverOrder['command'][]) {
    this.commands = commands;
  }

  ask(order: ReceiverOrder): Promise<OrderReply> {
    if (!this.commands.includes(order.command)) {
      const error = `${order.command}: this device takes ${this.commands.join(' and ')}`;
      return Promise.resolve({ outcome: 'refused', error });
    }
    if (!this.refuse('another command took its place')) this.before = this.current;
    this.current = order;
    this.isNew = true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.giveUp(), ANSWER_MS).unref();
      this.settle = (reply) => {
        clearTimeout(timer);
        this.settle = null;
        resolve(reply);
      };
    });
  }

  /** True once for each order: the device has to be set anew. */
  take(): boolean {
    const { isNew } = this;
    this.isNew = false;
    return isNew;
  }

  accept(): void {
    if (this.settle === null || this.isNew) return;
    this.before = this.current;
    this.settle({ outcome: 'accepted' });
  }

  /** What was asked for before holds again; false where nothing is under way. */
  refuse(error: string): boolean {
    if (this.settle === null) return false;
    this.current = this.before;
    this.settle({ outcome: 'refused', error });
    return true;
  }

  /** No answer; it is asked again when the port is opened again. */
  giveUp(): void {
    this.settle?.({ outcome: 'unanswered', error: 'the device did not answer' });
  }
}

/** The span of an order in place of the configured one. */
export function withSpan<T extends { startHz: number | null; stopHz: number | null }>(
  settings: T,
  order: ReceiverOrder | null,
): T {
  if (order?.command !== 'scan') return settings;
  return { ...settings, startHz: order.startHz, stopHz: order.stopHz };
}
