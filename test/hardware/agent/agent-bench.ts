import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Agent } from '../../../hardware/agent/agent.ts';
import type { AgentConfig } from '../../../hardware/agent/options.ts';
import { MqttDriver } from '../../../hardware/mqtt/driver.ts';
import { type ReceiverReply, topicOf } from '../../../hardware/mqtt/protocol.ts';
import { checkAgentConfig } from '../../../src/cli/agent-config.ts';
import type { Frame, IqBlock } from '../../../src/core/frames.ts';
import { afterTest, Notebook, QUIET_LOG } from '../link/device-bench.ts';
import { pairNumber } from './fake-programs.ts';

export const PASSWORDS = { service: 'service-password', 'rx-1': 'rx-password' };

/** A line of TCP that can be cut: while it is, connections fail and those there hang or break. */
export class Cable {
  readonly port: number;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(server: Server, target: number) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => {
      if (this.isCut) {
        near.destroy();
        return;
      }
      const far = connect(target, '127.0.0.1');
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          near.destroy();
          far.destroy();
          this.sockets.delete(socket);
        });
      }
      near.pipe(far).pipe(near);
    });
  }

  static async to(target: number): Promise<Cable> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const cable = new Cable(server, target);
    afterTest(() => cable.end());
    return cable;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  private end(): void {
    this.cut();
    this.server.close();
  }
}

/** The service's side: takes everything in, in order, and acknowledges it. */
export class Service extends Notebook {
  readonly replies: ReceiverReply[] = [];
  readonly statusTimesMs: Array<readonly [string, number]> = [];
  acknowledges = true;
  private readonly driver: MqttDriver;

  constructor(url: string) {
    super();
    this.driver = new MqttDriver({
      url,
      service: 'main',
      username: 'service',
      password: PASSWORDS.service,
      log: QUIET_LOG,
      onReply: (_, reply) => this.replies.push(reply),
    });
  }

  static async at(url: string): Promise<Service> {
    const service = new Service(url);
    afterTest(() => service.stop());
    await service.driver.start(service);
    await service.until(() => service.driver.isConnected, 'the service connected');
    return service;
  }

  override frame(frame: Frame): void {
    super.frame(frame);
    if (this.acknowledges && frame.sequence !== null) {
      this.driver.acknowledge(frame.receiver, frame.kind, frame.sequence);
    }
  }

  override status(receiver: string, state: 'online' | 'offline'): void {
    super.status(receiver, state);
    this.statusTimesMs.push([state, performance.now()]);
  }

  get blocks(): IqBlock[] {
    return this.frames.filter((frame) => frame.kind === 'iq');
  }

  /** Sends a command and waits for its reply. */
  async command(body: object): Promise<ReceiverReply> {
    const id = String(Math.random());
    await this.driver.publish(topicOf('bandwarden/v1', 'rx-1', 'command'), JSON.stringify({ id, ...body }), 1);
    await this.until(() => this.replies.some((reply) => reply.id === id), 'a reply');
    return this.replies.find((reply) => reply.id === id) as ReceiverReply;
  }

  async stop(): Promise<void> {
    await this.driver.stop();
  }
}

export function configOf(broker: string, source: object, more: object = {}): AgentConfig {
  const text = JSON.stringify({ receiver: 'rx-1', mqtt: { broker }, source, ...more });
  const checked = checkAgentConfig(text, '/');
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.value;
}

export async function startAgent(config: AgentConfig, ca: string | null = null): Promise<Agent> {
  const agent = await Agent.start({ config, password: PASSWORDS['rx-1'], ca, log: QUIET_LOG, patienceMs: 1_000 });
  afterTest(() => agent.stop());
  return agent;
}

/** Pairs missing between blocks, by the count that they carry. */
export function missingPairs(blocks: readonly IqBlock[]): number {
  let missing = 0;
  for (let i = 1; i < blocks.length; i++) {
    missing += Math.abs(pairNumber(blocks[i].samples) - pairNumber(blocks[i - 1].samples) - blocks[i - 1].pairs);
  }
  return missing;
}

export { afterTest };
