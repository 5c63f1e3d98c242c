import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { openConfiguredStore } from '../../../src/app/open-store.ts';
import type { Alert, EmissionRecord, ReceiverStatus } from '../../../src/core/records.ts';
import { hashPassword } from '../../../src/gateway/auth/passwords.ts';
import {
  alertOf,
  type BuiltService,
  logIn,
  openLive,
  startBuiltService,
  succeed,
  writeFileIn,
} from '../../e2e/built-service.ts';
import { type Broker, startMosquitto } from '../../support/mosquitto.ts';
import { savedLines } from '../report.ts';
import type { EventLine, ReceiversTask, SentLine } from './receivers.ts';
import { CHANNEL_HZ, LOOP_SECONDS, OFFSETS_HZ, renderLoop, trafficOf } from './signals.ts';

export interface LoadOptions {
  readonly broker: 'embedded' | 'mosquitto';
  readonly receivers: number;
  readonly seconds: number;
  /** 0: no unassigned transmitters. */
  readonly eventEveryLoops: number;
}

/** What a service did under a load. Every figure of packets is counted at one end and compared with the other. */
export interface LoadResult {
  readonly sentPackets: number;
  readonly refusedPackets: number;
  readonly takenPackets: number;
  readonly droppedBlocks: number;
  readonly lostPackets: number;
  /** Receivers at which every one of the assigned transmitters was found. */
  readonly receiversWithTraffic: number;
  readonly events: number;
  /** From the time of the last sample that the service says it needed, and from the first sample, to the alert, ms. */
  readonly latencyMs: readonly number[];
  readonly sinceStartMs: readonly number[];
  /** Events without an alert. */
  readonly missed: number;
  /** Resident memory of the service once a second, MiB. */
  readonly residentMib: readonly number[];
  /** Processor time a second: of the service's process, and of its main thread alone. */
  readonly serviceCores: number;
  readonly mainThreadCores: number;
}

const PASSWORD = 'correct horse battery';
const CLOCK_TICKS = 100;

/** Unassigned transmitters that each receiver comes to hear. */
function transmittersOf({ seconds, eventEveryLoops }: LoadOptions): number {
  if (eventEveryLoops === 0) return 0;
  return Math.min(OFFSETS_HZ.length, Math.ceil(seconds / LOOP_SECONDS / eventEveryLoops));
}

interface Started {
  readonly service: BuiltService;
  readonly brokerUrl: string;
  stop(): Promise<void>;
}

/** Starts the built service, lets receivers in processes of their own send for a while, and counts. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bandwarden-load-'));
  try {
    const signals = join(folder, 'signals.cu8');
    const transmitters = transmittersOf(options);
    appendFileSync(signals, renderLoop(null));
    for (let event = 0; event < transmitters; event++) appendFileSync(signals, renderLoop(event));
    const started = await startService(folder, options);
    try {
      return await measure(options, started, signals);
    } finally {
      await started.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startService(folder: string, { broker: kind, receivers }: LoadOptions): Promise<Started> {
  const ids = Array.from({ length: receivers }, (_, i) => `r${i}`);
  let broker: Broker | null = null;
  if (kind === 'mosquitto') {
    const accounts = { service: PASSWORD, ...Object.fromEntries(ids.map((id) => [id, PASSWORD])) };
    broker = await startMosquitto({ folder, accounts });
  }
  const password = writeFileIn(folder, 'password', PASSWORD);
  const config = writeFileIn(
    folder,
    'bandwarden.yaml',
    [
      'dataDir: data',
      'http: { port: 0 }',
      ...(broker === null
        ? ['mqtt: { port: 0 }']
        : ['mqtt:', `  broker: ${broker.url}`, '  username: service', `  passwordFile: ${password}`]),
      'receivers:',
      ...ids.map((id) => `  - { id: ${id}, name: ${id}, approved: true }`),
      '',
    ].join('\n'),
  );
  const rows = ids.flatMap((id, i) =>
    trafficOf(i).map((hz, k) => `${id}-${k},assignment,City,Base,land mobile,${hz},${CHANNEL_HZ}`),
  );
  const header = 'id,kind,licensee,station,service,center_hz,bandwidth_hz';
  const register = writeFileIn(folder, 'register.csv', [header, ...rows, ''].join('\n'));
  await succeed('user', 'add', 'bench', '--role', 'operator', '--password-file', password, '--config', config);
  await succeed('register', 'import', register, '--config', config);
  if (broker === null) await giveCredentials(join(folder, 'data'), ids);
  const service = await startBuiltService('--config', config);
  const [, own] = broker === null ? await service.process.line(/"url":"(mqtt:[^"]+)"/) : [];
  return {
    service,
    brokerUrl: broker?.url ?? own!,
    stop: async () => {
      await service.stop();
      await broker?.stop();
    },
  };
}

/** One hash for all: it is the logins of a fleet that `receiver add` makes one by one. */
async function giveCredentials(dataDir: string, ids: readonly string[]): Promise<void> {
  const store = await openConfiguredStore({ dataDir }, pino({ level: 'warn' }, pino.destination(2)));
  const hash = await hashPassword(PASSWORD);
  for (const id of ids) await store.receiverCredentials.put(id, hash);
  await store.close();
}

async function measure(options: LoadOptions, { service, brokerUrl }: Started, signals: string): Promise<LoadResult> {
  const { broker, receivers, seconds, eventEveryLoops } = options;
  const transmitters = transmittersOf(options);
  const headers = await logIn(service.url, 'bench', PASSWORD);
  const live = await openLive(service.url, headers);
  const told = new Map<string, { readonly alert: Alert; readonly atMs: number }>();
  live.socket.on('message', (data, isBinary) => {
    const atMs = Date.now();
    const alert = isBinary ? null : alertOf(JSON.parse(String(data)));
    if (alert !== null && !told.has(alert.id)) told.set(alert.id, { alert, atMs });
  });
  const protocolVersion = broker === 'embedded' ? 4 : 5;
  const task = { brokerUrl, protocolVersion, password: PASSWORD, signals, eventEveryLoops, transmitters } as const;
  const fleets = await startFleets(receivers, task);
  const pid = service.process.child.pid!;
  const resident: number[] = [];
  const before = { all: cpuSeconds(pid), main: mainThreadSeconds(pid) };
  const startMs = performance.now();
  for (let second = 1; second <= seconds; second++) {
    await wait(Math.max(0, startMs + second * 1e3 - performance.now()));
    resident.push(residentMib(pid));
  }
  const tookSeconds = (performance.now() - startMs) / 1e3;
  const serviceCores = (cpuSeconds(pid) - before.all) / tookSeconds;
  const mainThreadCores = (mainThreadSeconds(pid) - before.main) / tookSeconds;
  const sent = await Promise.all(fleets.map((fleet) => fleet.stop()));
  await wait(2_000);
  const states = await listOf<ReceiverStatus>(service.url, headers, 'receivers');
  const emissions = await listOf<EmissionRecord>(service.url, headers, 'emissions?verdict=assigned&limit=1000');
  await live.close();
  const events = fleets.flatMap((fleet) => fleet.events);
  const answered = events.map((event) => ({ event, answer: answerTo(event, told.values()) }));
  const found = answered.flatMap(({ event, answer }) => (answer === null ? [] : [{ event, ...answer }]));
  const sum = (of: (state: ReceiverStatus) => number) => states.reduce((total, state) => total + of(state), 0);
  return {
    sentPackets: sent.reduce((total, { packets }) => total + packets, 0),
    refusedPackets: sent.reduce((total, { refused }) => total + refused, 0),
    takenPackets: sum(({ frames }) => frames),
    droppedBlocks: sum(({ blocksDropped }) => blocksDropped),
    lostPackets: sum(({ packetsLost }) => packetsLost),
    receiversWithTraffic: states.filter((_, i) => hasTraffic(i, emissions)).length,
    events: events.length,
    latencyMs: found.map(({ alert, atMs }) => atMs - alert.evidenceMs),
    sinceStartMs: found.map(({ event, atMs }) => atMs - event.startMs),
    missed: events.length - found.length,
    residentMib: resident,
    serviceCores,
    mainThreadCores,
  };
}

function answerTo(event: EventLine, told: Iterable<{ readonly alert: Alert; readonly atMs: number }>) {
  for (const answer of told) if (Math.abs(answer.alert.centerHz - event.centerHz) < 3_000) return answer;
  return null;
}

function hasTraffic(receiver: number, emissions: readonly EmissionRecord[]): boolean {
  const own = emissions.filter((emission) => emission.receiver === `r${receiver}`);
  return trafficOf(receiver).every((hz) => own.some(({ centerHz }) => Math.abs(centerHz - hz) < 3_000));
}

interface Fleet {
  readonly events: readonly EventLine[];
  stop(): Promise<SentLine>;
}

/** As many processes as there are cores, and one: the senders shall not wait for each other. */
async function startFleets(receivers: number, task: Omit<ReceiversTask, 'receivers'>): Promise<Fleet[]> {
  const count = Math.min(receivers, availableParallelism() + 1);
  const numbers = Array.from({ length: receivers }, (_, i) => i);
  const shares = Array.from({ length: count }, (_, i) => numbers.filter((number) => number % count === i));
  return Promise.all(shares.map((share) => startFleet({ ...task, receivers: share })));
}

async function startFleet(task: ReceiversTask): Promise<Fleet> {
  const program = new URL('receivers.ts', import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const events: EventLine[] = [];
  let ready: () => void;
  let sent: (line: SentLine) => void;
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const isSent = new Promise<SentLine>((resolve) => {
    sent = resolve;
  });
  createInterface({ input: child.stdout! }).on('line', (text) => {
    const line = JSON.parse(text) as EventLine | SentLine | { readonly type: 'ready' };
    if (line.type === 'event') events.push(line);
    else if (line.type === 'sent') sent(line);
    else ready();
  });
  const gone = once(child, 'exit').then(() => {
    throw new Error('a process of receivers ended before its time');
  });
  gone.catch(() => undefined);
  await Promise.race([isReady, gone]);
  return {
    events,
    stop: async () => {
      child.stdin!.write('stop\n');
      return Promise.race([isSent, gone]);
    },
  };
}

async function listOf<T>(url: string, headers: Record<string, string>, path: string): Promise<T[]> {
  const answer = await fetch(`${url}/api/v1/${path}`, { headers });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return Object.values((await answer.json()) as Record<string, T[]>)[0];
}

/** Processor time of a process and its threads so far. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}

function mainThreadSeconds(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
}

function residentMib(pid: number): number {
  const [, kib] = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)!;
  return Number(kib) / 1024;
}

/** All that was sent was taken and looked at, in time. */
export function isWhole(result: LoadResult): boolean {
  const { sentPackets, takenPackets, refusedPackets, droppedBlocks, lostPackets } = result;
  return takenPackets === sentPackets && refusedPackets === 0 && droppedBlocks === 0 && lostPackets === 0;
}

/** Ends the program where what was taken was not all detected in: fast, but wrong. */
export function failWhereWrong(bench: string, receivers: number, result: LoadResult): void {
  if (!isWhole(result) || result.receiversWithTraffic === receivers) return;
  const found = `${result.receiversWithTraffic} of ${receivers} receivers have all of their transmitters`;
  process.stderr.write(`${bench}: nothing was lost, but only ${found}\n`);
  process.exit(1);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Half of what `ingest` carried when it was last run on this machine, else half of its goal. */
export function halfOfCarried(): number {
  const file = new URL('../../output/bench.json', import.meta.url).pathname;
  const line = savedLines(file).find(({ bench, unit }) => bench === 'ingest' && unit === 'receivers');
  return Math.max(1, Math.round((line?.ok === null ? 32 : (line?.value ?? 32)) / 2));
}
