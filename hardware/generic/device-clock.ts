/** Before this a device counts from when it was switched on, ns since 1970. */
const YEAR_2000_NS = 946_684_800_000_000_000n;
/** Further off than this the device has begun to count anew, or lost the time. */
const LARGEST_DRIFT_NS = 1_000_000_000n;

/** Puts the times of a device that has no calendar on the host's clock; those of one that has stay as they are. */
export class DeviceClock {
  private offsetNs: bigint | null = null;

  /** `durationNs`: of the frame, which ended when it arrived. */
  timeNs(deviceNs: bigint, durationNs: bigint, nowNs: bigint): bigint {
    if (deviceNs >= YEAR_2000_NS) return deviceNs;
    const offsetNs = nowNs - durationNs - deviceNs;
    // The one offset that is kept hides how late a frame happened to be read, but follows a device that restarts.
    const drift = this.offsetNs === null ? null : offsetNs - this.offsetNs;
    const isOff = drift === null || drift > LARGEST_DRIFT_NS || drift < 0n;
    if (isOff) this.offsetNs = offsetNs;
    return deviceNs + (this.offsetNs ?? offsetNs);
  }
}
