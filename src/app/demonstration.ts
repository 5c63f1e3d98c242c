import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { CitySettings } from '../cli/city-process.ts';
import type { Clock, Log, Store } from '../core/ports.ts';
import { ROLES, type Role } from '../core/records.ts';
import { createAccount } from '../gateway/auth/accounts.ts';
import { CITY_RECEIVERS } from '../simulation/city/emitter.ts';
import { CITY_REGISTER } from '../simulation/city/register.ts';

export interface DemonstrationAccount {
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

/** The city's receivers, each with a password for this run. */
export function cityPasswords(): Map<string, string> {
  return new Map(CITY_RECEIVERS.map((id) => [id, randomBytes(18).toString('base64url')]));
}

/** Replaces the city's rows of the register; those of other sources stay. */
export function importCityRegister(store: Store): Promise<void> {
  return store.assignments.replace('demo', CITY_REGISTER);
}

/** An account for each role, named by it, where there is none; their passwords are known to the caller alone. */
export async function makeDemonstrationAccounts(store: Store, clock: Clock): Promise<DemonstrationAccount[]> {
  const made: DemonstrationAccount[] = [];
  for (const role of ROLES) {
    if ((await store.accounts.byName(role)) !== null) continue;
    const password = randomBytes(12).toString('base64url');
    await createAccount({ store, clock }, { name: role, role, password });
    made.push({ name: role, role, password });
  }
  return made;
}

export interface CityOptions {
  readonly brokerUrl: string;
  readonly prefix: string;
  readonly passwords: ReadonlyMap<string, string>;
  readonly seed: number;
  readonly log: Log;
}

const RESTART_MS = 5_000;
const END_MS = 1_500;

/** The demonstration city: a process of its own, whose receivers come in by the broker as any others do. */
export class DemonstrationCity {
  private readonly options: CityOptions;
  private child: ChildProcess | null = null;
  private restart: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(options: CityOptions) {
    this.options = options;
    this.start();
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.restart !== null) clearTimeout(this.restart);
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await gone;
    clearTimeout(timer);
  }

  private start(): void {
    const { brokerUrl, prefix, passwords, seed, log } = this.options;
    const isSource = import.meta.url.endsWith('.ts');
    const file = new URL(`../cli/city-process.${isSource ? 'ts' : 'js'}`, import.meta.url);
    const child = fork(fileURLToPath(file), [], { execArgv: isSource ? ['--import', 'tsx'] : [] });
    this.child = child;
    child.on('error', (error) => log.error({ error: error.message }, 'the demonstration city could not be started'));
    child.on('message', (message) => log.info({ message }, 'the demonstration city'));
    child.on('exit', (code, signal) => {
      if (this.stopped) return;
      log.warn({ code, signal }, 'the demonstration city ended; it is started again');
      this.restart = setTimeout(() => this.start(), RESTART_MS);
    });
    const credentials = Object.fromEntries([...passwords].map(([id, password]) => [id, { username: id, password }]));
    const settings: CitySettings = { brokerUrl, prefix, credentials, seed };
    child.send(settings);
  }
}
