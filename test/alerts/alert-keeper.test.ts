import { describe, expect, it } from 'vitest';
import { AlertKeeper } from '../../src/alerts/alert-keeper.ts';
import { MqttAlertSink } from '../../src/alerts/mqtt-sink.ts';
import type { AlertQuery, Store } from '../../src/core/ports.ts';
import type { Alert } from '../../src/core/records.ts';
import { sighting, T0_MS } from './sightings.ts';

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };

/** A store of alerts in memory that can be told to fail, and that takes its time. */
function memoryAlerts() {
  const rows = new Map<string, Alert>();
  const state = { failures: 0, delayMs: 0 };
  const store: Store['alerts'] = {
    async put(alert) {
      if (state.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, state.delayMs));
      if (state.failures > 0) {
        state.failures--;
        throw new Error('disk full');
      }
      rows.set(alert.id, alert);
    },
    get: async (id) => rows.get(id) ?? null,
    find: async (query: AlertQuery) => [...rows.values()].filter((row) => !query.state || row.state === query.state),
    lastRevision: async () => Math.max(0, ...[...rows.values()].map(({ revision }) => revision)),
  };
  return { rows, state, store };
}

async function open(memory = memoryAlerts()) {
  const told: Array<{ alert: Alert; raised: boolean; wasStored: boolean }> = [];
  const clock = { ms: T0_MS + 1_050, nowMs: () => clock.ms };
  const keeper = await AlertKeeper.open({
    store: memory.store,
    clock,
    log: QUIET_LOG,
    options: { minimumOnAirSeconds: 0.2, quietMs: 600_000 },
    tell: (alert, raised) => told.push({ alert, raised, wasStored: memory.rows.get(alert.id) === alert }),
  });
  return { keeper, told, clock, memory };
}

describe('the keeper of alerts', () => {
  it('stores an alert before anybody is told of it', async () => {
    const memory = memoryAlerts();
    memory.state.delayMs = 20;
    const { keeper, told } = await open(memory);
    const done = keeper.observe(sighting());
    expect(told).toEqual([]);
    await done;
    expect(told).toMatchObject([{ raised: true, wasStored: true, alert: { state: 'raised', revision: 1 } }]);
    expect(keeper.raisedTotal).toBe(1);
  });

  it('tells nobody while the store fails, and tells at the next sighting when it is well again', async () => {
    const memory = memoryAlerts();
    const { keeper, told } = await open(memory);
    memory.state.failures = 1;
    await keeper.observe(sighting());
    expect(told).toEqual([]);
    await keeper.observe(sighting());
    expect(told).toMatchObject([{ raised: true, alert: { revision: 1 } }]);
    expect(memory.rows.size).toBe(1);
  });

  it('raises one alert when six receivers report in the same moment', async () => {
    const { keeper, told } = await open();
    const reports = Array.from({ length: 6 }, (_, i) =>
      keeper.observe(sighting({ id: `rx-${i}-a-1`, receiver: `rx-${i}` })),
    );
    await Promise.all(reports);
    expect(new Set(told.map(({ alert }) => alert.id)).size).toBe(1);
    expect(told.at(-1)?.alert.receivers).toHaveLength(6);
    expect(told.map(({ alert }) => alert.revision)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('lets a person acknowledge an alert, and refuses it to the second', async () => {
    const { keeper, told } = await open();
    await keeper.observe(sighting());
    const { id } = told[0].alert;
    const both = await Promise.allSettled([keeper.acknowledge(id, 'li', ''), keeper.acknowledge(id, 'wang', '')]);
    expect(both[0]).toMatchObject({ status: 'fulfilled', value: { acknowledgedBy: 'li' } });
    expect(both[1]).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } });
    await expect(keeper.close('nobody-knows', 'li', '')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('goes on after a restart with the next revision, and says that nothing is known to be on the air', async () => {
    const first = await open();
    await first.keeper.observe(sighting());
    const second = await open(first.memory);
    expect(second.told).toMatchObject([{ raised: false, alert: { onAir: false, revision: 2 } }]);
    expect(second.keeper.raisedTotal).toBe(0);
  });

  it('keeps only the latest sighting of an emission while the disk is slow', async () => {
    const memory = memoryAlerts();
    memory.state.delayMs = 30;
    const { keeper, told, clock } = await open(memory);
    const reports = Array.from({ length: 500 }, (_, i) => {
      clock.ms = T0_MS + 1_050 + i * 60;
      return keeper.observe(sighting({ lastSeenMs: T0_MS + 1_000 + i * 60 }));
    });
    await Promise.all(reports);
    await keeper.idle();
    expect(told.length).toBeLessThanOrEqual(3);
    expect(told.at(-1)?.alert.lastSeenMs).toBe(T0_MS + 1_000 + 499 * 60);
  });
});

describe('the MQTT sink', () => {
  it('keeps alerts while the broker is away and sends the latest state of each once', async () => {
    const sent: Array<[string, number]> = [];
    let isAway = true;
    const sink = new MqttAlertSink({
      topicOf: (id) => `bandwarden/v1/alerts/main/${id}`,
      log: QUIET_LOG,
      publish: async (topic, payload) => {
        if (isAway) throw new Error('not connected to the broker');
        sent.push([topic, (JSON.parse(payload) as Alert).revision]);
      },
    });
    const { told, keeper } = await open();
    await keeper.observe(sighting());
    const [{ alert }] = told;
    sink.tell(alert);
    sink.tell({ ...alert, revision: 7 });
    sink.tell({ ...alert, id: 'other' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    isAway = false;
    sink.retry();
    await new Promise((resolve) => setTimeout(resolve, 5));
    sink.stop();
    expect(sent).toEqual([
      [`bandwarden/v1/alerts/main/${alert.id}`, 7],
      ['bandwarden/v1/alerts/main/other', 1],
    ]);
  });
});
