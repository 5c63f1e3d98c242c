import type { DriverSink } from '../../src/core/driver.ts';
import type { ReceiverInfo } from '../../src/core/records.ts';
import { VrtReceiver } from '../vita49/driver.ts';
import type { ByteOrder } from '../vita49/payload-format.ts';
import { UNKNOWN_INFO } from './protocol.ts';

/** `…/vrt` of one receiver: VITA 49 packets become blocks, and their reference level part of what is known of it. */
export class VrtTopic {
  private readonly receiver: string;
  private readonly packets: VrtReceiver;
  private info: ReceiverInfo = UNKNOWN_INFO;
  private toldDbm: number | null = null;

  constructor(receiver: string, byteOrder?: ByteOrder) {
    this.receiver = receiver;
    this.packets = new VrtReceiver({ receiver, byteOrder, nowNs: () => BigInt(Date.now()) * 1_000_000n });
  }

  take(payload: Uint8Array, sink: DriverSink): void {
    this.packets.take(payload, sink);
    const { referenceLevelDbm } = this.packets;
    if (referenceLevelDbm === this.toldDbm) return;
    this.toldDbm = referenceLevelDbm;
    sink.info(this.receiver, this.completed(this.info));
  }

  /** What it said on `…/info`; the level of full scale that it leaves out there is that of its context packets. */
  completed(info: ReceiverInfo): ReceiverInfo {
    this.info = info;
    return { ...info, calibrationOffsetDb: info.calibrationOffsetDb ?? this.toldDbm };
  }
}
