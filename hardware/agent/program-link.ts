import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { type ByteLink, LinkLost } from '../link/byte-link.ts';
import { StreamLink } from '../link/stream-link.ts';

export interface ProgramCall {
  readonly command: string;
  readonly args: readonly string[];
  /** Called for each line on standard error, without its end. */
  readonly hear: (line: string) => void;
}

/** Time that a program has to end in order before it is killed. */
const FAREWELL_MS = 1_500;
/** After its output ended a program ends too, or it is ended. */
const EXIT_MS = 500;
const LONGEST_LINE = 4_096;

/** Programs that run: none outlives this process, however it ends (a SIGKILL aside: then their pipes break). */
const running = new Set<number>();

function endAll(): void {
  for (const group of running) signalGroup(group, 'SIGKILL');
}

/** Starts a program, whose standard output is then read as a link; `LinkLost` where it cannot be started. */
export async function openProgram(call: ProgramCall): Promise<ProgramLink> {
  if (!process.listeners('exit').includes(endAll)) process.on('exit', endAll);
  const child = spawn(call.command, call.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // In a group of its own: what it starts itself ends with it.
    detached: true,
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => reject(new LinkLost(explain(error, call.command))));
  });
  return new ProgramLink(child, call);
}

function explain(error: NodeJS.ErrnoException, command: string): string {
  if (error.code === 'ENOENT') return `${command} is not installed`;
  if (error.code === 'EACCES') return `${command} may not be started by this account`;
  return `${command}: ${error.message}`;
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It is gone already.
  }
}

/** A program that runs. Its standard input is empty; what nobody reads of its output holds it up. */
export class ProgramLink implements ByteLink {
  private readonly call: ProgramCall;
  private readonly group: number;
  private readonly stream: StreamLink;
  private readonly exited: Promise<string>;
  private lastLine = '';
  private reason: string | null = null;
  private closing: Promise<void> | null = null;

  constructor(child: ChildProcess, call: ProgramCall) {
    this.call = call;
    this.group = child.pid as number;
    running.add(this.group);
    // A pipe to a child is a socket in Node, which is a stream both ways.
    const output = child.stdout as unknown as Duplex;
    this.stream = new StreamLink(output, () => void output.destroy());
    this.listen(child);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        // Whatever it started itself.
        signalGroup(this.group, 'SIGKILL');
        running.delete(this.group);
        resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`);
      });
    });
  }

  async read(timeoutMs: number): Promise<Uint8Array | null> {
    try {
      return await this.stream.read(timeoutMs);
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
      throw new LinkLost(this.reason ?? (await this.ending()));
    }
  }

  /** These programs take nothing. */
  async write(): Promise<void> {}

  /** It has said that its device is gone. */
  fail(reason: string): void {
    this.reason ??= reason;
    void this.close();
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    if (running.has(this.group)) signalGroup(this.group, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(this.group, 'SIGKILL'), FAREWELL_MS);
    // What it still writes is taken off it, or it would wait for us while we wait for it.
    void this.drain();
    await this.exited;
    clearTimeout(timer);
    await this.stream.close();
  }

  private async drain(): Promise<void> {
    try {
      while (running.has(this.group)) await this.stream.read(FAREWELL_MS);
    } catch {
      // Its output has ended.
    }
  }

  private async ending(): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('closed its output'), EXIT_MS);
    });
    const how = await Promise.race([this.exited, late]);
    clearTimeout(timer);
    const { command } = this.call;
    return this.lastLine === '' ? `${command} ${how}` : `${command} ${how}: ${this.lastLine}`;
  }

  private listen(child: ChildProcess): void {
    let rest = '';
    const say = (line: string) => {
      if (line.trim() === '') return;
      this.lastLine = line.trim().slice(0, 100);
      this.call.hear(line.trim());
    };
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split(/[\r\n]+/);
      rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
      for (const line of lines) say(line);
      // Programs of SoapySDR print an O for each overflow and never end the line.
      if (/^O+$/.test(rest)) {
        this.call.hear(rest);
        rest = '';
      }
    });
  }
}
