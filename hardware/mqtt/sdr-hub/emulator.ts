/** A spectrum as rtl-sdr-scanner-cpp writes it: its structure without gaps, as an x86 or ARM has it. */
export function spectrogram(timeMs: number, startHz: number, stepHz: number, levelsDb: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 + 4 * 4 + levelsDb.length);
  bytes.writeBigUInt64LE(BigInt(timeMs), 0);
  bytes.writeInt32LE(startHz, 8);
  bytes.writeInt32LE(startHz + stepHz * (levelsDb.length - 1), 12);
  bytes.writeInt32LE(stepHz, 16);
  bytes.writeUInt32LE(levelsDb.length, 20);
  for (const [i, level] of levelsDb.entries()) bytes.writeInt8(level, 24 + i);
  return bytes;
}

export function spectrogramTopic(device: string): string {
  return `sdr/${device}/spectrogram`;
}
