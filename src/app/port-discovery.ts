import { realpath } from 'node:fs/promises';
import { likenessOf } from '../../hardware/known-devices.ts';
import type { ListedPort, ListPorts } from '../../hardware/link/port-list.ts';
import type { Config } from '../config/schema.ts';
import type { Log } from '../core/ports.ts';
import type { FoundPort } from '../core/records.ts';

const LOOK_MS = 3_000;

export interface PortDiscoveryDeps {
  readonly receivers: Config['receivers'];
  readonly list: ListPorts;
  /** Ports of receivers that were found before. */
  readonly known: () => readonly string[];
  /** Takes in a receiver under the first of `names` that is free. */
  readonly offer: (names: Iterable<string>, found: FoundPort, model: string) => void;
  readonly log: Log;
}

/** Looks for ports that look like a known device and belong to nobody, and offers them; opens none. */
export class PortDiscovery {
  private readonly deps: PortDiscoveryDeps;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private complained = false;

  constructor(deps: PortDiscoveryDeps) {
    this.deps = deps;
  }

  start(): void {
    void this.look();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    try {
      const ports = await this.deps.list();
      const taken = new Set(await this.takenDevices());
      if (!this.stopped) this.offerNew(ports, taken);
    } catch (error) {
      if (!this.complained) this.deps.log.warn({ error: String(error) }, 'serial ports cannot be listed');
      this.complained = true;
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.look(), LOOK_MS).unref();
  }

  private offerNew(ports: readonly ListedPort[], taken: ReadonlySet<string>): void {
    for (const port of ports) {
      const likeness = likenessOf(port);
      if (likeness === null || taken.has(port.path) || taken.has(port.device)) continue;
      const { type, what } = likeness;
      this.deps.offer(namesOf(type, port.path), { type, port: port.path }, `${what} at ${port.path}`.slice(0, 128));
    }
  }

  /** Ports that somebody has, under every name that they have. */
  private async takenDevices(): Promise<string[]> {
    const configured = this.deps.receivers.flatMap((receiver) => ('port' in receiver ? receiver.port : []));
    const ports = [...configured, ...this.deps.known()];
    return [...ports, ...(await Promise.all(ports.map((port) => realpath(port).catch(() => port))))];
  }
}

/** `tinysa-tinysa4_400`, then the same with a number: the part of a port's name that says which one it is. */
export function* namesOf(type: string, port: string): Generator<string> {
  const last = port.split('/').at(-1)?.toLowerCase() ?? '';
  const plain = last
    .replace(/^usb-/, '')
    .replace(/-if\d+(?:-port\d+)?$/, '')
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const id = `${type}-${plain}`.slice(0, 60).replace(/-+$/, '');
  yield id;
  for (let i = 2; i < 100; i++) yield `${id}-${i}`;
}
