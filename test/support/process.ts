import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end and gives back what it wrote. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = spawn(program, args, { cwd: options.cwd, env: options.env ?? process.env });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
    });
  }
  // A program that ends without reading its input closes the pipe; that is not an error of the test.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...written };
}

/** A program that keeps running, its output line by line. */
export class RunningProcess {
  readonly lines: string[] = [];
  readonly child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #watchers = new Set<() => void>();

  constructor(program: string, args: readonly string[], options: Omit<RunOptions, 'input'> = {}) {
    this.child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = once(this.child, 'close').finally(() => this.#wake());
    this.#exited.catch(() => {});
    for (const stream of [this.child.stdout, this.child.stderr]) this.#collect(stream as NodeJS.ReadableStream);
  }

  #collect(stream: NodeJS.ReadableStream): void {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.lines.push(...lines);
      this.#wake();
    });
  }

  #wake(): void {
    for (const watcher of this.#watchers) watcher();
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The first line, from either output, that matches; rejects when the process ends or time runs out before. */
  line(pattern: RegExp, timeoutMs = 15_000): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        settle();
      };
      const fail = (why: string) =>
        done(() => reject(new Error(`${why} before ${pattern}; its last lines:\n${this.lines.slice(-20).join('\n')}`)));
      const look = () => {
        const match = this.lines.map((line) => line.match(pattern)).find((found) => found !== null);
        if (match != null) done(() => resolve(match));
        else if (!this.running) fail('the process ended');
      };
      const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
      this.#watchers.add(look);
      look();
    });
  }

  /** Ends it with `signal`, after 5 s with SIGKILL; resolves when it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.running) this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.#exited.catch(() => {});
    clearTimeout(timer);
    return this.child.exitCode;
  }
}
