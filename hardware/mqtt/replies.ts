import { randomUUID } from 'node:crypto';
import type { OrderReply, ReceiverOrder } from '../../src/core/tasking.ts';
import { encodeCommand, type ReceiverReply } from './protocol.ts';

const ANSWER_MS = 5_000;
/** Receivers that never answer must not fill this memory. */
const MOST_WAITING = 8_192;

/** Commands under way, each waiting for the reply with its id. */
export class PendingReplies {
  private readonly waiting = new Map<string, (reply: OrderReply) => void>();
  private readonly answerMs: number;

  constructor(answerMs = ANSWER_MS) {
    this.answerMs = answerMs;
  }

  /** `send` takes the command as JSON. Never rejects: what cannot be sent was not answered. */
  ask(receiver: string, order: ReceiverOrder, send: (json: string) => Promise<void>): Promise<OrderReply> {
    if (this.waiting.size >= MOST_WAITING) return Promise.resolve(unanswered('too many commands wait for an answer'));
    const id = randomUUID();
    const key = `${receiver} ${id}`;
    return new Promise((resolve) => {
      const settle = (reply: OrderReply): void => {
        clearTimeout(timer);
        this.waiting.delete(key);
        resolve(reply);
      };
      const timer = setTimeout(() => settle(unanswered('the receiver did not answer')), this.answerMs);
      this.waiting.set(key, settle);
      send(encodeCommand({ id, ...order })).catch((error: unknown) => {
        settle(unanswered(error instanceof Error ? error.message : String(error)));
      });
    });
  }

  take(receiver: string, { id, ok, error }: ReceiverReply): void {
    const settle = this.waiting.get(`${receiver} ${id}`);
    settle?.(ok ? { outcome: 'accepted' } : { outcome: 'refused', error: error ?? 'the receiver does not say why' });
  }

  stop(): void {
    for (const settle of [...this.waiting.values()]) settle(unanswered('the service stops'));
  }
}

function unanswered(error: string): OrderReply {
  return { outcome: 'unanswered', error };
}
