import { appendFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './ports.ts';
import { RunningProcess, run } from './process.ts';
import { findCommand, requireService } from './services.ts';

export interface Broker {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

export interface BrokerOptions {
  /** Its files go here; the test's own folder. */
  readonly folder: string;
  /** Account → password. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Text of the access control list; without it every account may do everything. */
  readonly acl?: string;
  /** More lines of mosquitto.conf. */
  readonly settings?: string;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A real Mosquitto on a free loopback port, with a password file and an access control list. */
export async function startMosquitto({ folder, accounts, acl, settings = '' }: BrokerOptions): Promise<Broker> {
  const program = requireService('mosquitto');
  const passwd = findCommand('mosquitto_passwd') ?? 'mosquitto_passwd';
  const port = await freePort();
  const config = join(folder, `mosquitto-${port}.conf`);
  const passwords = join(folder, `passwords-${port}`);
  writeFileSync(passwords, '', { mode: 0o600 });
  for (const [name, password] of Object.entries(accounts)) {
    const { code, stderr } = await run(passwd, ['-b', passwords, name, password]);
    if (code !== 0) throw new Error(`mosquitto_passwd: ${stderr}`);
  }
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous false\npassword_file ${passwords}\n${settings}\n`);
  // Started as root it would change to an account that cannot read the test's folder.
  if (process.getuid?.() === 0) appendFileSync(config, 'user root\n');
  if (acl !== undefined) {
    const file = join(folder, `acl-${port}`);
    writeFileSync(file, acl, { mode: 0o600 });
    appendFileSync(config, `acl_file ${file}\n`);
  }
  const broker = new RunningProcess(program, ['-c', config]);
  for (let tries = 0; !(await answers(port)); tries++) {
    if (!broker.running || tries > 100) throw new Error(`mosquitto did not start:\n${broker.lines.join('\n')}`);
    await wait(50);
  }
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    stop: async () => {
      await broker.stop();
    },
  };
}
