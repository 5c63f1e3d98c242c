import type { DriverSink, ReceiverDriver } from '../../src/core/driver.ts';
import type { Clock, Log } from '../../src/core/ports.ts';
import type { OrderReply, ReceiverOrder } from '../../src/core/tasking.ts';
import type { ByteLink, OpenLink } from './byte-link.ts';
import { DeviceLoop } from './device-loop.ts';
import type { DeviceOrders } from './device-orders.ts';

/** What the driver of one device at a port is given. */
export interface DeviceOptions<Settings> {
  readonly receiver: string;
  readonly settings: Settings;
  readonly open: OpenLink;
  readonly clock: Clock;
  readonly log: Log;
  /** Factor on every deadline (1); tests of silence have less time than a device. */
  readonly patience?: number;
}

/** How a family speaks with its device. */
export interface Conversation {
  /** Brings in frames until the device is lost, which it throws; says `ready` when the device has answered (again). */
  converse(link: ByteLink, sink: DriverSink, ready: () => void): Promise<never>;
  farewell?(link: ByteLink): Promise<void>;
  /** Where the device can be asked for something else. */
  readonly orders?: DeviceOrders;
}

/** One device at a port: opened, spoken with, and come back to whenever it is lost. */
export class DeviceDriver implements ReceiverDriver {
  private readonly options: Pick<DeviceOptions<unknown>, 'receiver' | 'open' | 'log'>;
  private readonly conversation: Conversation;
  private loop: DeviceLoop | null = null;
  /** Missing where the device takes none. */
  readonly command?: (receiver: string, order: ReceiverOrder) => Promise<OrderReply>;

  constructor(options: Pick<DeviceOptions<unknown>, 'receiver' | 'open' | 'log'>, conversation: Conversation) {
    this.options = options;
    this.conversation = conversation;
    const { orders } = conversation;
    if (orders !== undefined) this.command = (_receiver, order) => orders.ask(order);
  }

  /** Resolves at once: a device that is away is waited for. */
  async start(sink: DriverSink): Promise<void> {
    const { receiver, open, log } = this.options;
    const { conversation } = this;
    this.loop = new DeviceLoop({
      receiver,
      open,
      log,
      converse: (link, ready) => conversation.converse(link, sink, ready),
      farewell: (link) => conversation.farewell?.(link) ?? Promise.resolve(),
      tell: (state, detail) => sink.status(receiver, state, detail),
    });
  }

  /** A device at a port keeps nothing, so there is nothing that it could let go. */
  acknowledge(): void {}

  async stop(): Promise<void> {
    this.conversation.orders?.giveUp();
    await this.loop?.stop();
    this.loop = null;
  }
}
