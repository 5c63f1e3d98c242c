/** What a node sends, as ndwireless/radiohound describes it in docs/API.md. */
export interface RadioHoundScan {
  readonly macAddress: string;
  readonly timeMs: number;
  readonly startHz: number;
  readonly stopHz: number;
  readonly levelsDbm: readonly number[];
}

export function announceTopic(macAddress: string): string {
  return `radiohound/clients/announce/${macAddress}`;
}

export function dataTopic(macAddress: string): string {
  return `radiohound/clients/data/${macAddress}`;
}

export function heartbeat(macAddress: string, lat: number, lon: number): string {
  const payload = {
    mac_address: macAddress,
    latitude: lat,
    longitude: lon,
    altitude: 12.5,
    IP_addr: '10.1.1.1',
    display_name: 'Beagle V3.4-016',
    config_version: 1_684_434_463,
    rh_hardware_version: '3.4',
  };
  return JSON.stringify({ message: 'HEARTBEAT', payload });
}

/** Powers in watts, float32, little-endian. */
export function periodogram({ macAddress, timeMs, startHz, stopHz, levelsDbm }: RadioHoundScan): string {
  const watts = Buffer.alloc(4 * levelsDbm.length);
  for (const [i, level] of levelsDbm.entries()) watts.writeFloatLE(10 ** ((level - 30) / 10), 4 * i);
  return JSON.stringify({
    data: watts.toString('base64'),
    type: 'float32',
    mac_address: macAddress,
    short_name: 'Beagle V3.4-016 ',
    sample_rate: stopHz - startHz,
    center_frequency: (startHz + stopHz) / 2,
    timestamp: new Date(timeMs).toISOString().replace('Z', '000+00:00'),
    gain: 1,
    metadata: {
      data_type: 'periodogram',
      fmin: startHz,
      fmax: stopHz,
      n_periodogram_points: levelsDbm.length,
      gps_lock: false,
      scan_time: 0.127,
    },
    requested: { fmin: startHz, fmax: stopHz, span: stopHz - startHz, samples: levelsDbm.length },
  });
}
