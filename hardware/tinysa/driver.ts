import type { DriverSink, ReceiverDriver } from '../../src/core/driver.ts';
import type { Sweep } from '../../src/core/frames.ts';
import { type ByteLink, LinkLost } from '../link/byte-link.ts';
import { type Conversation, DeviceDriver, type DeviceOptions } from '../link/device-driver.ts';
import { DeviceOrders } from '../link/device-orders.ts';
import type { TinySaSettings } from './options.ts';
import {
  parseRbw,
  parseSweep,
  parseVersion,
  parseZero,
  type ScanRequest,
  scanStepHz,
  type TinySaIdentity,
} from './protocol.ts';
import { SILENCE, TinySaShell } from './shell.ts';

/** The first reply after plugging in can be malformed. */
const IDENTIFY_ATTEMPTS = 4;
const STALLED = 'the device stopped in the middle of a sweep';
/** Sweeps that fail one after the other before the port is opened anew. */
const MOST_FAILURES = 4;
const MODEL_NAMES = { basic: 'tinySA', ultra: 'tinySA Ultra' } as const;
/** The Basic has an input for each of two ranges; up to here it is the lower one, Hz. */
const BASIC_LOW_INPUT_HZ = 350e6;

export function tinySaDriver(options: DeviceOptions<TinySaSettings>): ReceiverDriver {
  return new DeviceDriver(options, new TinySaConversation(options));
}

interface Setup {
  readonly request: ScanRequest;
  readonly zeroDb: number;
  /** As the device says; null where it does not. */
  readonly rbwHz: number | null;
}

class TinySaConversation implements Conversation {
  readonly orders = new DeviceOrders(['scan']);
  private readonly options: DeviceOptions<TinySaSettings>;

  constructor(options: DeviceOptions<TinySaSettings>) {
    this.options = options;
  }

  async converse(link: ByteLink, sink: DriverSink, ready: () => void): Promise<never> {
    const shell = new TinySaShell(link, this.options.patience);
    await shell.resync();
    const identity = await identify(shell);
    await this.announce(shell, identity, sink);
    ready();
    let setup = await this.configure(shell, identity);
    let stalled: (() => void) | null = null;
    let isStalled = false;
    for (let failures = 0; ; ) {
      if (this.orders.take()) {
        setup = await this.configure(shell, identity);
        stalled = null;
      }
      const sweep = await this.sweep(shell, setup, sink, stalled);
      if (sweep !== null) {
        failures = 0;
        this.orders.accept();
        if (isStalled) ready();
        isStalled = false;
        // How it usually pauses is known from its first sweep.
        stalled ??= () => {
          isStalled = true;
          sink.status(this.options.receiver, 'offline', STALLED);
        };
        // Where the device chooses its resolution it does so with its first sweep of a span.
        if (setup.rbwHz === null) setup = { ...setup, rbwHz: await this.askRbw(shell) };
        sink.frame({ ...sweep, rbwHz: setup.rbwHz });
        continue;
      }
      failures++;
      if (failures >= MOST_FAILURES) throw new LinkLost(`${failures} sweeps failed one after the other`);
      await shell.resync();
      // It may have been a restart, after which nothing of the settings is left.
      setup = await this.configure(shell, identity);
    }
  }

  /** Gives the device back to its owner's hands, sweeping. */
  async farewell(link: ByteLink): Promise<void> {
    await link.write(Buffer.from('\rabort\rresume\r', 'latin1'));
  }

  private async announce(shell: TinySaShell, identity: TinySaIdentity, sink: DriverSink): Promise<void> {
    const lines = (await shell.command('deviceid')) ?? [];
    const serial = lines.map((line) => /^deviceid (\d{1,10})$/.exec(line)?.[1]).find((text) => text !== undefined);
    const { model, hardware, firmware } = identity;
    const name = [MODEL_NAMES[model], hardware, `firmware ${firmware}`].filter((part) => part !== null).join(', ');
    sink.info(this.options.receiver, {
      model: name.slice(0, 128),
      serial: serial ?? null,
      location: null,
      antenna: null,
      calibrationOffsetDb: null,
      spursHz: [],
      ranges: [],
    });
  }

  private async configure(shell: TinySaShell, { model }: TinySaIdentity): Promise<Setup> {
    const { attenuationDb, lna } = this.options.settings;
    const { rbwHz } = this;
    const request = await this.askSpan(shell);
    const commands = [
      // From now on a command that runs can be ended at once.
      'abort on',
      model === 'basic' ? `mode ${request.stopHz <= BASIC_LOW_INPUT_HZ ? 'low' : 'high'} input` : null,
      model === 'ultra' ? `lna ${lna ? 'on' : 'off'}` : null,
      `attenuate ${attenuationDb ?? (lna ? 0 : 'auto')}`,
      `rbw ${rbwHz === null ? 'auto' : rbwHz / 1_000}`,
    ];
    for (const command of commands) if (command !== null) await must(shell, command);
    const zeroDb = parseZero(await must(shell, 'zero'), model);
    return { request, zeroDb, rbwHz: rbwHz === null ? null : ((await this.askRbw(shell)) ?? rbwHz) };
  }

  private async askSpan(shell: TinySaShell): Promise<ScanRequest> {
    const { startHz, stopHz, points } = this.options.settings;
    const { current } = this.orders;
    // The device ends one step before the stop that it is given; what is asked for ends with its last point.
    if (current?.command === 'scan') {
      const spanHz = ((current.stopHz - current.startHz) * points) / (points - 1);
      return { startHz: current.startHz, stopHz: current.startHz + spanHz, points };
    }
    if (startHz !== null && stopHz !== null) return { startHz, stopHz, points };
    const span = parseSweep(await must(shell, 'sweep'));
    if (span === null) throw new LinkLost('the device does not tell its span');
    return { ...span, points };
  }

  private get rbwHz(): number | null {
    const { current } = this.orders;
    return (current?.command === 'scan' ? current.rbwHz : null) ?? this.options.settings.rbwHz;
  }

  private async askRbw(shell: TinySaShell): Promise<number | null> {
    return parseRbw(await must(shell, 'rbw'));
  }

  /** Null: it failed, which is counted, and the device has to be brought back to its prompt. */
  private async sweep(
    shell: TinySaShell,
    setup: Setup,
    sink: DriverSink,
    stalled: (() => void) | null,
  ): Promise<Sweep | null> {
    const { receiver, clock } = this.options;
    const { request } = setup;
    const startedMs = clock.nowMs();
    const reply = await shell.scan(request, setup.zeroDb, sweepLimitMs(request, this.rbwHz), stalled);
    if (reply?.kind === 'refused') {
      if (this.orders.refuse(reply.text)) return null;
      throw new LinkLost(`the device refuses the sweep: ${reply.text}`);
    }
    if (reply === null || reply.kind === 'broken') {
      sink.rejected(receiver, reply?.reject ?? SILENCE);
      return null;
    }
    const durationSeconds = Math.max(0, (clock.nowMs() - startedMs) / 1_000);
    if (!(await shell.prompt())) await shell.resync();
    return {
      kind: 'sweep',
      receiver,
      sequence: null,
      timeNs: BigInt(Math.round(startedMs * 1e6)),
      durationSeconds,
      startHz: Math.round(request.startHz),
      stepHz: scanStepHz(request),
      rbwHz: setup.rbwHz,
      unit: 'dBm',
      powers: reply.levelsDbm,
      gainDb: null,
      flags: [],
    };
  }
}

async function identify(shell: TinySaShell): Promise<TinySaIdentity> {
  let answer: string[] | null = null;
  for (let attempt = 0; attempt < IDENTIFY_ATTEMPTS; attempt++) {
    answer = await shell.command('version');
    const identity = parseVersion(answer ?? []);
    if (identity !== null) return identity;
    await shell.resync();
  }
  throw new LinkLost(`no tinySA: "version" is answered ${JSON.stringify(answer?.join(' ').slice(0, 80) ?? null)}`);
}

async function must(shell: TinySaShell, command: string): Promise<string[]> {
  const lines = await shell.command(command);
  if (lines === null) throw new LinkLost(`no answer to "${command}"`);
  return lines;
}

/**
 * How long a sweep may take, ms. The device needs about span / 20 kHz / rbw² s (rbw in kHz) for its steps and
 * 1/500 s for each point, twice that where it removes spurs; three times as much is no longer a sweep.
 */
function sweepLimitMs({ startHz, stopHz, points }: ScanRequest, rbwHz: number | null): number {
  const spanHz = Math.max(0, stopHz - startHz);
  const rbwKHz = rbwHz === null ? Math.max(2, (7 * spanHz) / 1e6) : rbwHz / 1e3;
  return 3_000 + 6_000 * (spanHz / 20_000 / rbwKHz ** 2 + points / 500);
}
