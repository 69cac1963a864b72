import type { AppConfig } from './config.ts';

/** Door and worker stop one after the other and share the time that the configuration gives for stopping. */
export function graceOf({ http }: Pick<AppConfig, 'http'>): number {
  return (http.shutdown_seconds * 1000) / 2;
}

export function doorOptions({ http }: Pick<AppConfig, 'http'>) {
  return {
    host: http.host,
    port: http.port,
    bodyLimitBytes: Math.round(http.body_limit_mb * 1024 * 1024),
    requestMs: http.request_seconds * 1000,
    shutdownMs: graceOf({ http }),
  };
}
