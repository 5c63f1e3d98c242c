import { ROLES, type Role } from '../core/records.ts';

/**
 * The one table of who may do what. A route names the permission that it needs; one that names nothing
 * is not served. `public` needs no login; `loopback` needs none either, and answers this machine alone.
 */
export const PERMISSIONS = {
  /** One's own session, password and tokens. */
  self: ROLES,
  /** Live data, receivers, emissions, alerts, assignments, spectra. */
  read: ROLES,
  'alerts.acknowledge': ['operator', 'officer', 'supervisor', 'administrator'],
  'alerts.close': ['officer', 'supervisor', 'administrator'],
  'receivers.approve': ['operator', 'officer', 'supervisor', 'administrator'],
  /** To tune a receiver for a while. */
  'receivers.task': ['operator', 'officer', 'supervisor', 'administrator'],
  /** What receivers look at from now on: plans and missions. */
  'receivers.plan': ['officer', 'supervisor', 'administrator'],
  /** To rename and to forget them. */
  'receivers.manage': ['officer', 'supervisor', 'administrator'],
  /** To measure a receiver against stations, and to make the calibration that its levels and frequencies get. */
  'calibrations.make': ['supervisor', 'administrator'],
  'bearings.add': ['operator', 'officer', 'supervisor', 'administrator'],
  'register.import': ['officer', 'supervisor', 'administrator'],
  'accounts.manage': ['administrator'],
  'audit.read': ['auditor', 'administrator'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;
export type Access = Permission | 'public' | 'loopback';

export function roleMay(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role);
}

/** What a role may do: the pages offer nothing else. */
export function permissionsOf(role: Role): Permission[] {
  return (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => roleMay(role, permission));
}

/** Whose word weighs more where two want one receiver. */
const WEIGHT: Readonly<Record<Role, number>> = {
  auditor: 0,
  reviewer: 0,
  operator: 1,
  officer: 2,
  supervisor: 3,
  administrator: 3,
};

export function roleMayTakeFrom(role: Role, holder: Role): boolean {
  return WEIGHT[role] >= WEIGHT[holder];
}
