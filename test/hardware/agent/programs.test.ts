import { describe, expect, it } from 'vitest';
import { parseChronyTracking, readTemperatureC } from '../../../hardware/agent/host-health.ts';
import { hackrfGains } from '../../../hardware/agent/programs/hackrf-transfer.ts';
import type { SourceSettings } from '../../../hardware/agent/source-options.ts';
import { systemdUnit, unitName } from '../../../hardware/agent/systemd-unit.ts';
import type { Tuning } from '../../../hardware/agent/tuner.ts';
import { homeOf, programFor } from '../../../hardware/agent/tuner-for.ts';
import { configOf } from './agent-bench.ts';

type ProgramSettings = Exclude<SourceSettings, { type: 'rtl_tcp' }>;

function programOf(source: object) {
  const { source: settings } = configOf('mqtt://127.0.0.1', source);
  const program = programFor(settings as ProgramSettings);
  const args = (program.args as (tuning: Tuning) => string[])(homeOf(settings)).join(' ');
  return { program, args };
}

const IQ = { centerHz: 433.92e6, sampleRateHz: 2_400_000 };
const SPAN = { startHz: 87e6, stopHz: 108e6, rbwHz: 10_000 };

describe('command lines, as the sources of the programs read them', () => {
  it.each([
    // rtl_sdr.c: getopt d:f:g:s:b:n:p:S, gain 0 is automatic, blocks of a multiple of 512 bytes; here 13.7 ms.
    [{ type: 'rtl_sdr', ...IQ }, '-f 433920000 -s 2400000 -g 0 -p 0 -d 0 -b 65536 -'],
    [
      { type: 'rtl_sdr', ...IQ, gainDb: 0, device: '00000042', extraArguments: ['-T'] },
      '-f 433920000 -s 2400000 -g 0.1 -p 0 -d 00000042 -b 65536 -T -',
    ],
    // hackrf_transfer.c: -l by 8 dB to 40, -g by 2 dB to 62.
    [{ type: 'hackrf_transfer', ...IQ }, '-r - -f 433920000 -s 2400000 -l 16 -g 20 -a 0 -p 0 -B'],
    [
      { type: 'hackrf_transfer', ...IQ, serial: '457863dc', bufferStatistics: false, amplifier: true },
      '-r - -f 433920000 -s 2400000 -l 16 -g 20 -a 1 -p 0 -d 457863dc',
    ],
    // rx_sdr.c: getopt d:f:g:c:a:s:b:n:p:D:SI:F:t:w:k:
    [
      { type: 'rx_sdr', ...IQ, device: 'driver=uhd', antenna: 'RX2', gainDb: 30 },
      '-d driver=uhd -f 433920000 -s 2400000 -I CS16 -F CS16 -g 30 -a RX2 -p 0 -',
    ],
    [
      { type: 'rx_sdr', ...IQ, device: 'driver=airspy', gains: 'LNA=14,MIX=12,VGA=13' },
      '-d driver=airspy -f 433920000 -s 2400000 -I CS16 -F CS16 -g LNA=14,MIX=12,VGA=13 -p 0 -',
    ],
    // rtl_power.c: -f lower:upper:bin, -c as a share.
    [{ type: 'rtl_power', ...SPAN, gainDb: 20.7 }, '-f 87000000:108000000:10000 -i 1 -d 0 -p 0 -g 20.7 -c 20%'],
    // hackrf_sweep.c: -f in MHz.
    [{ type: 'hackrf_sweep', ...SPAN, rbwHz: 100_000 }, '-f 87:108 -w 100000 -l 16 -g 20 -a 0 -p 0'],
    // soapy_power: gain in tenths of a dB, -a for automatic.
    [
      { type: 'soapy_power', ...SPAN, device: 'driver=lime', gainDb: 20.7 },
      '-q -c -F soapy_power_bin -d driver=lime -f 87000000:108000000 -B 10000 -r 2000000 -T 1 -g 207 -k 20 -p 0',
    ],
  ])('%j', (source, args) => expect(programOf(source).args).toBe(args));

  it('a gain for the whole HackRF is shared out among its stages, in steps that they have', () => {
    expect(hackrfGains(40)).toEqual({ lnaGainDb: 24, vgaGainDb: 16 });
    expect(hackrfGains(102)).toEqual({ lnaGainDb: 40, vgaGainDb: 62 });
    expect(hackrfGains(-5)).toEqual({ lnaGainDb: 0, vgaGainDb: 0 });
    for (let gainDb = 0; gainDb <= 102; gainDb++) {
      const { lnaGainDb, vgaGainDb } = hackrfGains(gainDb);
      expect([lnaGainDb % 8, vgaGainDb % 2]).toEqual([0, 0]);
      expect(Math.abs(lnaGainDb + vgaGainDb - gainDb)).toBeLessThanOrEqual(1);
    }
  });
});

describe('what the programs say of their devices', () => {
  it.each([
    ['rtl_sdr', 'Tuned to 433920000 Hz.', null],
    ['rtl_sdr', 'No supported devices found.', { gone: 'no RTL-SDR is there' }],
    ['rtl_sdr', 'cb transfer status: 5, canceling...', { gone: 'the RTL-SDR was unplugged' }],
    ['rtl_sdr', 'usb_claim_interface error -6', { gone: 'the RTL-SDR: usb_claim_interface error -6' }],
    ['rtl_sdr', 'Short write, samples lost, exiting!', { lostPairs: 0 }],
    ['hackrf_transfer', 'hackrf_open() failed: HACKRF_ERROR_NOT_FOUND (-5)', { gone: 'no HackRF is there' }],
    ['hackrf_transfer', "Couldn't transfer any bytes for one second.", { gone: 'the HackRF sends nothing' }],
    ['hackrf_transfer', 'call hackrf_set_freq(433920000 Hz/433.920 MHz)', null],
    ['rx_sdr', 'OOO', { lostPairs: 0 }],
  ])('%s: %s', (type, line, note) => {
    const { program } = programOf({ type, ...IQ, ...(type === 'rx_sdr' ? { device: '0' } : {}) });
    expect(program.hears(line)).toEqual(note);
  });

  it('overruns of a HackRF are told when their count grows', () => {
    const { program } = programOf({ type: 'hackrf_transfer', ...IQ });
    const line = (overruns: number) =>
      ` 4.0 MiB / 1.000 sec =  4.0 MiB/second, average power -30.1 dBfs, 16384 bytes free in buffer, ${overruns} overruns, longest 512 bytes`;
    expect([0, 0, 2, 2, 3].map((count) => program.hears(line(count)))).toEqual([
      null,
      null,
      { lostPairs: 0 },
      null,
      { lostPairs: 0 },
    ]);
  });
});

describe('the clock of the computer', () => {
  const tracking = (reference: string, stratum: number, leap = 'Normal') =>
    [
      `Reference ID    : ${reference}`,
      `Stratum         : ${stratum}`,
      'Ref time (UTC)  : Sun Nov 22 23:34:23 2026',
      'System time     : 0.000250000 seconds slow of NTP time',
      'Last offset     : -0.000012000 seconds',
      'RMS offset      : 0.000020000 seconds',
      'Frequency       : 7.123 ppm fast',
      'Root delay      : 0.004000000 seconds',
      'Root dispersion : 0.001000000 seconds',
      `Leap status     : ${leap}`,
      '',
    ].join('\n');

  it('is as good as chrony says: |offset| + root delay / 2 + root dispersion', () => {
    const { source, offsetSeconds, uncertaintySeconds } = parseChronyTracking(tracking('C0A80101 (192.168.1.1)', 3));
    expect([source, offsetSeconds]).toEqual(['ntp', -0.000_25]);
    expect(uncertaintySeconds).toBeCloseTo(0.003_25, 9);
    expect(parseChronyTracking(tracking('50505300 (PPS)', 1)).source).toBe('gnss');
  });

  it('is disciplined by nothing where chrony says so, or says something else', () => {
    const unknown = { source: 'none', offsetSeconds: null, uncertaintySeconds: null };
    for (const text of [tracking('00000000 ()', 0, 'Not synchronised'), '506 Cannot talk to daemon', '']) {
      expect(parseChronyTracking(text)).toEqual(unknown);
    }
  });

  it('and its temperature is null where it has no sensor', async () => {
    expect(await readTemperatureC('/nowhere')).toBeNull();
  });
});

describe('the unit of systemd', () => {
  it('quotes what systemd would take for its own, and hands over the secrets that the account may not read', () => {
    const unit = systemdUnit({
      receiver: 'roof',
      program: ['/usr/bin/node', '/opt/100% sure/main.js'],
      configFile: '/etc/bandwarden/$agent.yaml',
      passwordFile: '/etc/bandwarden/mqtt-password',
      caFile: null,
      writableFolder: null,
    });
    expect(unitName('roof')).toBe('bandwarden-agent-roof.service');
    expect(unit).toContain('"/opt/100%% sure/main.js" "agent" "--config" "/etc/bandwarden/$$agent.yaml"\n');
    expect(unit).toContain('LoadCredential=mqtt-password:/etc/bandwarden/mqtt-password\n');
    for (const line of ['DynamicUser=yes', 'SupplementaryGroups=plugdev', 'Restart=always', 'ProtectSystem=strict']) {
      expect(unit).toContain(`\n${line}\n`);
    }
  });
});
