import type { Finding } from '../../../src/connector.ts';

export function ok(subject: string, message: string): Finding {
  return { level: 'ok', subject, message };
}

export function warning(subject: string, message: string): Finding {
  return { level: 'warning', subject, message };
}

export function error(subject: string, message: string): Finding {
  return { level: 'error', subject, message };
}
