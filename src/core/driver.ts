import type { Frame, Reject } from './frames.ts';
import type { ReceiverInfo } from './records.ts';
import type { OrderReply, ReceiverOrder } from './tasking.ts';

/** What a driver of receivers tells, in the order in which it came; none of these may throw. */
export interface DriverSink {
  frame(frame: Frame): void;
  info(receiver: string, info: ReceiverInfo): void;
  /** By its own word or its last will. `detail`: why, in one short English sentence without a full stop. */
  status(receiver: string, status: 'online' | 'offline', detail?: string): void;
  /** Bytes that were not taken, `count` times (1); `receiver` is null where not even that could be read. */
  rejected(receiver: string | null, reject: Reject, count?: number): void;
  /** Packets that never came, by their sequence numbers. */
  lost(receiver: string, packets: number): void;
}

/** Brings in the frames of one family of receivers, reconnecting by itself until it is stopped. */
export interface ReceiverDriver {
  start(sink: DriverSink): Promise<void>;
  /** Tells the receiver up to where it may let go: `iq` taken in by the detector, `sweep` stored. */
  acknowledge(receiver: string, kind: 'iq' | 'sweep', sequence: number): void;
  /** Asks a receiver to look at something else; a later command takes the place of an earlier one. Never rejects. */
  command?(receiver: string, order: ReceiverOrder): Promise<OrderReply>;
  stop(): Promise<void>;
}
